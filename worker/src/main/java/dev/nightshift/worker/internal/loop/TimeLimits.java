package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Interrupts attempts whose queue's time limit is over, and reports those that do not care. Owned
/// by the loop's thread.
final class TimeLimits {
  // How long an interrupted handler has until it is reported, and reported again.
  private static final Duration REPORT_AFTER = Duration.ofSeconds(10);

  private final Attempts attempts;
  private final Quotas quotas;
  private final Consumer<WorkerEvent> events;
  private final Map<AttemptKey, Due> limited = new HashMap<>();
  private final TreeSet<Due> line =
      new TreeSet<>(Comparator.comparingLong(Due::nanos).thenComparing(Due::number));
  private long numbers;

  /// What is to be done next about an attempt.
  ///
  /// @param number tells it from others of the same time
  /// @param interruptedSince empty if it is to be interrupted then, else how long ago it was
  private record Due(
      long nanos, long number, Attempt attempt, Optional<Duration> interruptedSince) {}

  TimeLimits(Attempts attempts, Quotas quotas, Consumer<WorkerEvent> events) {
    this.attempts = attempts;
    this.quotas = quotas;
    this.events = events;
  }

  /// @param clock asked only where there is a limit: each has all of its time
  void started(Attempt attempt, LongSupplier clock) {
    Waiting waiting = attempt.waiting();
    String queue = waiting.event().queue();
    quotas
        .timeout(waiting.canvas(), queue)
        .or(() -> attempts.timeLimit(waiting.canvas().name(), queue))
        .ifPresent(limit -> add(attempt, clock.getAsLong() + limit.toNanos(), Optional.empty()));
  }

  private void add(Attempt attempt, long nanos, Optional<Duration> interruptedSince) {
    Due due = new Due(nanos, numbers++, attempt, interruptedSince);
    limited.put(attempt.key(), due);
    line.add(due);
  }

  void ended(AttemptKey key) {
    Due due = limited.remove(key);
    if (due != null) {
      line.remove(due);
    }
  }

  void check(long nanos) {
    while (!line.isEmpty() && nanos - line.first().nanos() >= 0) {
      Due due = line.removeFirst();
      due.interruptedSince()
          .ifPresentOrElse(
              since -> report(due.attempt(), since),
              () -> due.attempt().interrupt(Interruption.TIME_LIMIT));
      Duration next = due.interruptedSince().orElse(Duration.ZERO).plus(REPORT_AFTER);
      add(due.attempt(), nanos + REPORT_AFTER.toNanos(), Optional.of(next));
    }
  }

  private void report(Attempt attempt, Duration since) {
    Waiting waiting = attempt.waiting();
    events.accept(
        new WorkerEvent.IgnoresInterrupt(
            waiting.canvas().name(), waiting.event().queue(), waiting.event().id(), since));
  }
}
