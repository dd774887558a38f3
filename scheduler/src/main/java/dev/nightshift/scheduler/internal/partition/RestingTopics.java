package dev.nightshift.scheduler.internal.partition;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Topics that could not be written, each left alone for a while: what goes to others is written
/// meanwhile. Bounded by the topics that events go to. Times are nanoseconds of a monotonic clock.
/// Owned by the partition's thread. Pure.
final class RestingTopics {
  private static final Duration REST_MIN = Duration.ofSeconds(1);
  private static final Duration REST_MAX = Duration.ofMinutes(1);

  /// A topic rests so many times as long as it took to fail: of a partition's time one topic takes
  /// a tenth at most.
  private static final int PART = 9;

  /// Who is not tried again within this time of its rest has nothing that waits any more.
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

  private final Map<String, Long> untilNanos = new HashMap<>();

  /// A topic could not be written.
  ///
  /// @param took how long it was until that was known
  /// @return for how long it is left alone
  Duration failed(String topic, Duration took, long nowNanos) {
    Duration part = took.multipliedBy(PART);
    Duration least = part.compareTo(REST_MIN) < 0 ? REST_MIN : part;
    Duration rest = least.compareTo(REST_MAX) > 0 ? REST_MAX : least;
    untilNanos.put(topic, nowNanos + rest.toNanos());
    return rest;
  }

  /// It was written.
  void written(String topic) {
    untilNanos.remove(topic);
  }

  /// Whether none is known that cannot be written.
  boolean isEmpty(long nowNanos) {
    untilNanos.values().removeIf(until -> nowNanos - until >= FORGOTTEN_AFTER.toNanos());
    return untilNanos.isEmpty();
  }
}
