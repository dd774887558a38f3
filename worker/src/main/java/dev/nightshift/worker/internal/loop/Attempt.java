package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.run.AttemptKey;

/// One attempt that this worker claimed, until it is settled. Owned by the loop's thread.
///
/// | phase | means | next |
/// |---|---|---|
/// | CLAIMED | marked in the ledger, which may not be written yet | RUNNING, or gone (released) |
/// | RUNNING | the handler was started | SETTLING, or gone (completed, released, handed back) |
/// | SETTLING | it ended; child events and trace wait to be written | gone (completed) |
final class Attempt {
  /// Where it is on its way.
  enum Phase {
    CLAIMED,
    RUNNING,
    SETTLING
  }

  private final Waiting waiting;
  private final AttemptKey key;
  private final long claimVersion;
  private Phase phase = Phase.CLAIMED;
  private long startedNanos;

  /// @param claimVersion the partition's version that has the claim
  Attempt(Waiting waiting, AttemptKey key, long claimVersion) {
    this.waiting = waiting;
    this.key = key;
    this.claimVersion = claimVersion;
  }

  Waiting waiting() {
    return waiting;
  }

  AttemptKey key() {
    return key;
  }

  long claimVersion() {
    return claimVersion;
  }

  /// Only once it has started.
  long startedNanos() {
    return startedNanos;
  }

  Phase phase() {
    return phase;
  }

  void started(long nanos) {
    startedNanos = nanos;
    step(Phase.CLAIMED, Phase.RUNNING);
  }

  void settling() {
    step(Phase.RUNNING, Phase.SETTLING);
  }

  private void step(Phase from, Phase to) {
    if (phase != from) {
      throw new IllegalStateException("attempt " + key + " is " + phase + ", cannot become " + to);
    }
    phase = to;
  }
}
