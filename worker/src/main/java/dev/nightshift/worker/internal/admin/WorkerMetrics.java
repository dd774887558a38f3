package dev.nightshift.worker.internal.admin;

import dev.nightshift.worker.events.WorkerEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Counts what a worker reports. Safe for use by many threads.
public final class WorkerMetrics implements Consumer<WorkerEvent> {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(10)
  };

  /// Registered from the start: who looks how much a counter has grown does not see its first one.
  private static final List<String> ALARMS =
      List.of(
          "ledger_discarded",
          "events_vanished",
          "topics_forbidden",
          "breaker_opened",
          "ignores_interrupt",
          "trace_given_up",
          "trace_not_built",
          "partition_lost");

  private final MeterRegistry registry;
  private final Map<Queue, QueueMeters> queues = new ConcurrentHashMap<>();
  private final AtomicInteger controlBehind;
  private final AtomicInteger writesStuck;
  private final AtomicInteger tracesDelayed;
  private final Counter deadLetters;

  private record Queue(String canvas, String name) {}

  /// What is counted of one queue; looking a meter up for each event would cost more than counting.
  private final class QueueMeters {
    final Counter started;
    final Counter notBegun;
    final Counter lost;
    final Counter exhausted;
    final Timer waited;
    final Timer took;
    final Map<String, Counter> ended = new ConcurrentHashMap<>();
    private final Tags tags;

    QueueMeters(Queue queue) {
      tags = Tags.of("canvas", queue.canvas(), "queue", queue.name());
      started =
          counter(
              "nightshift.attempts.started",
              "Handlers that were started, those that did not begin among them.",
              tags);
      notBegun =
          counter(
              "nightshift.attempts.not.begun",
              "Of those started: their queue was paused or blocked before the handler began.",
              tags);
      lost = counter("nightshift.attempts.lost", "Attempts that died with their worker.", tags);
      exhausted =
          counter("nightshift.events.exhausted", "Events whose last attempt was lost.", tags);
      waited = timer("nightshift.wait", "From an event's emission to a handler's start.", tags);
      took = timer("nightshift.handler", "From a handler's start to its end.", tags);
    }

    Counter ended(String outcome) {
      return ended.computeIfAbsent(
          outcome,
          name ->
              counter("nightshift.attempts.ended", "How they ended.", tags.and("outcome", name)));
    }
  }

  /// Registers what there is without any event.
  public WorkerMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.controlBehind =
        flag("nightshift.control.behind", "1 while the control topic cannot be followed.");
    this.writesStuck =
        flag("nightshift.writes.stuck", "1 while ends and claims cannot be written.");
    this.tracesDelayed = flag("nightshift.traces.delayed", "1 while traces cannot be stored.");
    this.deadLetters =
        counter("nightshift.dead.letters", "Records that are no events.", Tags.empty());
    ALARMS.forEach(this::alarm);
  }

  private AtomicInteger flag(String name, String description) {
    AtomicInteger value = new AtomicInteger();
    Gauge.builder(name, value, AtomicInteger::get).description(description).register(registry);
    return value;
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  private Timer timer(String name, String description, Tags tags) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private QueueMeters of(String canvas, String queue) {
    return queues.computeIfAbsent(new Queue(canvas, queue), QueueMeters::new);
  }

  @Override
  public void accept(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Started started -> {
        QueueMeters meters = of(started.canvas(), started.queue());
        meters.started.increment();
        meters.waited.record(started.waited().isNegative() ? Duration.ZERO : started.waited());
      }
      case WorkerEvent.NotBegun not -> of(not.canvas(), not.queue()).notBegun.increment();
      case WorkerEvent.Ended ended -> {
        QueueMeters meters = of(ended.canvas(), ended.queue());
        meters.ended(ended.outcome()).increment();
        if (!ended.took().isZero()) {
          meters.took.record(ended.took());
        }
      }
      case WorkerEvent.AttemptLost lost -> {
        QueueMeters meters = of(lost.canvas(), lost.queue());
        meters.lost.increment();
        if (lost.exhausted()) {
          meters.exhausted.increment();
        }
      }
      case WorkerEvent.DeadLettered _ -> deadLetters.increment();
      case WorkerEvent.ControlBehind _ -> controlBehind.set(1);
      case WorkerEvent.ControlFollowed _ -> controlBehind.set(0);
      case WorkerEvent.WritesStuck _ -> writesStuck.set(1);
      case WorkerEvent.WritesGoOn _ -> writesStuck.set(0);
      case WorkerEvent.TracesDelayed _ -> tracesDelayed.set(1);
      case WorkerEvent.TracesFlowing _ -> tracesDelayed.set(0);
      case WorkerEvent.LedgerDiscarded _ -> alarm("ledger_discarded").increment();
      case WorkerEvent.EventsVanished _ -> alarm("events_vanished").increment();
      case WorkerEvent.TopicsForbidden _ -> alarm("topics_forbidden").increment();
      case WorkerEvent.BreakerOpened _ -> alarm("breaker_opened").increment();
      case WorkerEvent.IgnoresInterrupt _ -> alarm("ignores_interrupt").increment();
      case WorkerEvent.TraceGivenUp _ -> alarm("trace_given_up").increment();
      case WorkerEvent.TraceNotBuilt _ -> alarm("trace_not_built").increment();
      case WorkerEvent.Lost _ -> alarm("partition_lost").increment();
      default -> {
        // Not counted.
      }
    }
  }

  private Counter alarm(String kind) {
    return counter("nightshift.alarms", "What somebody should look at.", Tags.of("kind", kind));
  }
}
