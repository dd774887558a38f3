package dev.nightshift.scheduler.internal.scale;

import java.time.Duration;
import java.util.List;

/// What workers have to do, seen from one sample to the next. What is paused, blocked or not due
/// yet is not in it. Immutable.
///
/// @param nanos when, by the monotonic clock
/// @param elapsed since the sample before
/// @param waiting events that may start and wait, those of limited queues not among them
/// @param oldest how long the first of them has waited, in steps of a sample
/// @param arrivals events a second that came and may start, those of limited queues not among them
/// @param drained events a second that ended, of all queues
/// @param partitions that have something to run
/// @param later whether events wait that are to run soon and may not start yet
record Load(
    long nanos,
    Duration elapsed,
    long waiting,
    Duration oldest,
    double arrivals,
    double drained,
    int partitions,
    boolean later,
    List<LimitedQueue> limited,
    Crew crew) {
  Load {
    limited = List.copyOf(limited);
  }

  /// What limited queues can make use of, in events a second.
  double takenByLimited() {
    return limited.stream().mapToDouble(LimitedQueue::takes).sum();
  }

  /// Whether nothing is to be done, now or soon.
  boolean isIdle() {
    return waiting == 0
        && arrivals == 0
        && !later
        && crew.running() == 0
        && limited.stream().allMatch(each -> each.waiting() == 0);
  }

  /// Whether an event has waited from one sample to the next.
  boolean isBacklog() {
    return waiting > 0 && oldest.compareTo(elapsed) >= 0;
  }

  /// Whether more waits than is about to start.
  boolean isBehind() {
    double soon = Math.max(crew.slots() - crew.running(), drained * seconds(elapsed));
    return isBacklog() || waiting > soon;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
