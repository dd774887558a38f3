package dev.nightshift.scheduler.internal.partition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Topics that cannot be written, each left alone for a while: what goes to others is written
/// meanwhile. Bounded by the topics that events go to. Times are nanoseconds of a monotonic clock.
/// Owned by the partition's thread. Pure.
final class RestingTopics {
  private static final Duration REST_MIN = Duration.ofSeconds(1);

  /// A topic that fails again and again rests so many times as long as it took to fail, times the
  /// topics that rest: all of them together take about a tenth of a partition's time.
  private static final int PART = 9;

  /// What ends within this time, as an election does, is not told.
  private static final Duration TOLD_AFTER = Duration.ofSeconds(2);

  /// Who is not tried again within this time of its rest, though nothing else is due, has nothing
  /// that waits any more.
  private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(30);

  private static final int DOUBLINGS_MAX = 16;

  private final Map<String, Rest> rests = new HashMap<>();

  private record Rest(long sinceNanos, long untilNanos, int failures, boolean told) {
    boolean isForgotten(long nowNanos) {
      return nowNanos - untilNanos >= FORGOTTEN_AFTER.toNanos();
    }
  }

  /// What follows from a failure.
  ///
  /// @param rest for how long the topic is left alone
  /// @param tell whether that is to be told
  record Failure(Duration rest, boolean tell) {}

  /// A topic that can be written, or that nothing waits for any more, of which was told that it
  /// cannot.
  ///
  /// @param after for how long that was so
  record End(String topic, Duration after) {}

  /// A topic could not be written.
  ///
  /// @param took how long it was until that was known
  Failure failed(String topic, Duration took, long nowNanos) {
    Rest before = rests.get(topic);
    long since = before == null ? nowNanos - took.toNanos() : before.sinceNanos;
    int failures = before == null ? 0 : before.failures;
    boolean tell = (before == null || !before.told) && nowNanos - since >= TOLD_AFTER.toNanos();
    int others = before == null ? rests.size() : rests.size() - 1;
    Duration longer = took.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
    Duration most = took.multipliedBy(PART).multipliedBy(others + 1L);
    Duration part = longer.compareTo(most) < 0 ? longer : most;
    Duration rest = part.compareTo(REST_MIN) < 0 ? REST_MIN : part;
    boolean told = tell || (before != null && before.told);
    rests.put(topic, new Rest(since, nowNanos + rest.toNanos(), failures + 1, told));
    return new Failure(rest, tell);
  }

  /// It was written.
  ///
  /// @return what is to be told
  Optional<End> written(String topic, long nowNanos) {
    return end(topic, rests.remove(topic), nowNanos);
  }

  private static Optional<End> end(String topic, @Nullable Rest rest, long nowNanos) {
    return rest == null || !rest.told
        ? Optional.empty()
        : Optional.of(new End(topic, Duration.ofNanos(nowNanos - rest.sinceNanos)));
  }

  /// Forgets those that nothing waits for any more: to be called only while nothing is due.
  ///
  /// @return what is to be told
  List<End> forget(long nowNanos) {
    List<End> ends = new ArrayList<>();
    rests
        .entrySet()
        .removeIf(each -> {
          boolean forgotten = each.getValue().isForgotten(nowNanos);
          if (forgotten) {
            end(each.getKey(), each.getValue(), nowNanos).ifPresent(ends::add);
          }
          return forgotten;
        });
    return ends;
  }

  /// Forgets all: the partition is another scheduler's.
  void clear() {
    rests.clear();
  }

  /// For how long the first of them cannot be written; zero if there is none.
  Duration longest(long nowNanos) {
    return Duration.ofNanos(
        rests.values().stream().mapToLong(rest -> nowNanos - rest.sinceNanos).max().orElse(0));
  }
}
