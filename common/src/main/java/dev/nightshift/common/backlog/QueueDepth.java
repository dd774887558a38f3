package dev.nightshift.common.backlog;

import java.time.Instant;
import java.util.Optional;

/// How many events of a queue have not ended. Immutable.
///
/// @param waiting of them, where they were emitted
/// @param inLane of them, in the queue's lane
/// @param retrying of them, after a lost attempt
/// @param running claimed by a worker: they run, or are about to, or were lost with their worker
/// @param delayed to be emitted later
/// @param oldest when the oldest of them was emitted, those that are delayed not among them
public record QueueDepth(
    long waiting,
    long inLane,
    long retrying,
    long running,
    long delayed,
    Optional<Instant> oldest) {
  /// Nothing.
  public static final QueueDepth NONE = new QueueDepth(0, 0, 0, 0, Optional.empty());

  /// With nothing delayed.
  public QueueDepth(
      long waiting, long inLane, long retrying, long running, Optional<Instant> oldest) {
    this(waiting, inLane, retrying, running, 0, oldest);
  }

  /// All that have not ended.
  public long total() {
    return waiting + inLane + retrying + running + delayed;
  }
}
