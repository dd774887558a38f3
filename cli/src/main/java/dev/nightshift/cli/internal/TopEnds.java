package dev.nightshift.cli.internal;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The events that ended within the last seconds, by their traces. Owned by one thread.
final class TopEnds {
  /// How far back it is looked.
  static final Duration WINDOW = Duration.ofSeconds(10);

  /// More are not kept; rates are at least those of what is.
  private static final int KEPT_MAX = 200_000;

  private final Deque<End> ends = new ArrayDeque<>();

  private record End(QueueName queue, String outcome, Instant at, Optional<Duration> took) {}

  /// What ended of one queue.
  ///
  /// @param perSecond by outcome
  /// @param median how long half of the handlers took at most
  record Rates(SortedMap<String, Double> perSecond, Optional<Duration> median) {
    static final Rates NONE = new Rates(new TreeMap<>(), Optional.empty());

    double all() {
      return perSecond.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    double of(Outcome outcome) {
      return perSecond.getOrDefault(outcome.label(), 0.0);
    }
  }

  /// An attempt that was lost ends nothing.
  void add(Trace trace) {
    if (!Outcome.LOST.is(trace.getOutcome())) {
      Optional<Duration> took =
          Optional.ofNullable(trace.getStartedAt())
              .map(start -> Duration.between(start, trace.getEndedAt()));
      ends.add(
          new End(
              new QueueName(trace.getCanvas(), trace.getQueue()),
              trace.getOutcome(),
              trace.getEndedAt(),
              took));
      if (ends.size() > KEPT_MAX) {
        ends.remove();
      }
    }
  }

  /// What ended within the window before `now`.
  SortedMap<QueueName, Rates> rates(Instant now) {
    Instant start = now.minus(WINDOW);
    ends.removeIf(end -> end.at().isBefore(start));
    SortedMap<QueueName, List<End>> byQueue = new TreeMap<>();
    ends.forEach(end -> byQueue.computeIfAbsent(end.queue(), _ -> new ArrayList<>()).add(end));
    SortedMap<QueueName, Rates> rates = new TreeMap<>();
    byQueue.forEach((queue, all) -> rates.put(queue, rates(all)));
    return rates;
  }

  private static Rates rates(List<End> ends) {
    SortedMap<String, Double> perSecond = new TreeMap<>();
    ends.forEach(end -> perSecond.merge(end.outcome(), 1.0 / WINDOW.toSeconds(), Double::sum));
    List<Duration> took = ends.stream().flatMap(end -> end.took().stream()).sorted().toList();
    return new Rates(
        perSecond,
        took.isEmpty() ? Optional.empty() : Optional.of(took.get((took.size() - 1) / 2)));
  }
}
