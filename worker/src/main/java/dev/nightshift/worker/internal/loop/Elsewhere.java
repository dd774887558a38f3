package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Events that wait where they stand for their lane, for another worker, or for a handler while
/// their queue is stopped, and are looked at again and again. Bounded by what the loop reads
/// ([Reading]). Times are nanoseconds of a monotonic clock. Owned by the loop's thread. Pure.
final class Elsewhere {
  /// So long an event waits that its lane does not take and that has no handler here: in a rolling
  /// deploy its partition is soon a worker's that has one.
  static final Duration STAYS_MAX = Duration.ofHours(1);

  private static final Duration AGAIN_EVERY = Duration.ofMillis(200);

  private final List<Waiting> waiting = new ArrayList<>();
  private long againNanos;

  void add(Waiting event) {
    waiting.add(event);
  }

  /// Forgets what waits of these partitions.
  void drop(Predicate<Partition> which) {
    waiting.removeIf(each -> which.test(each.partition()));
  }

  /// Takes out what is to be looked at again now: all, every so often.
  List<Waiting> again(long nanos) {
    if (waiting.isEmpty() || nanos - againNanos < AGAIN_EVERY.toNanos()) {
      return List.of();
    }
    againNanos = nanos;
    List<Waiting> again = List.copyOf(waiting);
    waiting.clear();
    return again;
  }

  /// Whether an event's lane has refused it so long ago that it is to end.
  static boolean isOver(Waiting event, long nanos) {
    return event.stays() && nanos - event.staysSince().getAsLong() > STAYS_MAX.toNanos();
  }
}
