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
import java.util.PriorityQueue;
import java.util.function.Consumer;

/// Interrupts attempts whose queue's time limit is over, and reports those that do not care. Owned
/// by the loop's thread.
final class TimeLimits {
  // How long an interrupted handler has until it is reported, and reported again.
  private static final Duration REPORT_AFTER = Duration.ofSeconds(10);

  private final Attempts attempts;
  private final Consumer<WorkerEvent> events;
  private final Map<AttemptKey, Attempt> limited = new HashMap<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));

  private record Due(long nanos, AttemptKey key, Duration interruptedSince) {}

  TimeLimits(Attempts attempts, Consumer<WorkerEvent> events) {
    this.attempts = attempts;
    this.events = events;
  }

  void started(Attempt attempt, long nanos) {
    Waiting waiting = attempt.waiting();
    Optional<Duration> limit = attempts.timeLimit(waiting.canvas().name(), waiting.event().queue());
    if (limit.isPresent()) {
      limited.put(attempt.key(), attempt);
      due.add(new Due(nanos + limit.get().toNanos(), attempt.key(), Duration.ZERO));
    }
  }

  void ended(AttemptKey key) {
    // Its entry in the line is skipped when it is due.
    limited.remove(key);
  }

  void check(long nanos) {
    for (Due next = due.peek(); next != null && nanos - next.nanos() >= 0; next = due.peek()) {
      due.remove();
      Attempt attempt = limited.get(next.key());
      if (attempt == null) {
        continue;
      }
      if (next.interruptedSince().isZero()) {
        attempts.interrupt(next.key(), Interruption.TIME_LIMIT);
      } else {
        var event = attempt.waiting().event();
        events.accept(
            new WorkerEvent.IgnoresInterrupt(
                attempt.waiting().canvas().name(),
                event.queue(),
                event.id(),
                next.interruptedSince()));
      }
      Duration since = next.interruptedSince().plus(REPORT_AFTER);
      due.add(new Due(nanos + REPORT_AFTER.toNanos(), next.key(), since));
    }
  }
}
