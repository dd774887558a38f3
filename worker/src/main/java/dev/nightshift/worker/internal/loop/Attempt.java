package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Attempts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One attempt that this worker claimed, until it is settled. Owned by the loop's thread.
///
/// | phase | means | next |
/// |---|---|---|
/// | CLAIMED | marked in the ledger, which may not be written yet | RUNNING, or gone (released) |
/// | RUNNING | the handler was started | ENDING, SETTLING, or gone (completed, released, handed back) |
/// | ENDING | the handler ended, its slot is free; its trace is being stored | gone (completed, released, handed back) |
/// | SETTLING | it ended; child events and trace wait to be written | gone (completed) |
final class Attempt {
  /// Where it is on its way.
  enum Phase {
    CLAIMED,
    RUNNING,
    ENDING,
    SETTLING
  }

  private final Waiting waiting;
  private final AttemptKey key;
  private final long claimVersion;
  private Phase phase = Phase.CLAIMED;
  private long startedNanos;
  private long endedNanos;
  private boolean trial;
  private Attempts.@Nullable Running handler;

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

  Phase phase() {
    return phase;
  }

  /// Whether its handler was started and it is not settled yet.
  boolean open() {
    return phase == Phase.RUNNING || phase == Phase.ENDING;
  }

  /// Whether it was claimed to try its queue after its breaker's block.
  boolean isTrial() {
    return trial;
  }

  void trial(boolean now) {
    trial = now;
  }

  /// How long its handler ran, as far as that is known by now.
  Duration ran(long nanos) {
    return Duration.ofNanos((phase == Phase.ENDING ? endedNanos : nanos) - startedNanos);
  }

  void started(long nanos, Attempts.Running started) {
    startedNanos = nanos;
    handler = started;
    step(Phase.CLAIMED, Phase.RUNNING);
  }

  /// Interrupts its handler, if that was started and runs.
  void interrupt(Attempts.Interruption why) {
    if (handler != null) {
      handler.interrupt(why);
    }
  }

  void ending(long nanos) {
    endedNanos = nanos;
    step(Phase.RUNNING, Phase.ENDING);
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
