package dev.nightshift.cli.internal.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.freva.asciitable.AsciiTable;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What the demo's traces add up to. Owned by one thread.
final class DemoReport {
  private static final double ALERT_FROM = 4.5;

  private final String canvas;
  private final long assessExpected;
  private final long alertsExpected;
  private final Map<String, Queue> queues = new TreeMap<>();
  private final Map<String, Trace> lastById = new HashMap<>();
  private final Map<String, Long> tracesByWorker = new HashMap<>();
  private final Set<String> completedIds = new HashSet<>();

  private static final class Queue {
    private final List<Long> waitedMicros = new ArrayList<>();
    private long completed;
    private long errored;
    private long retried;
    private long dead;
    private Instant first = Instant.MAX;
    private Instant last = Instant.MIN;
  }

  DemoReport(String canvas, long assessExpected, long alertsExpected) {
    this.canvas = canvas;
    this.assessExpected = assessExpected;
    this.alertsExpected = alertsExpected;
  }

  /// How many alerts there must be, counted from the data alone.
  static long alerts(List<String> quakes) {
    ObjectMapper json = new ObjectMapper();
    long alerts = 0;
    for (String quake : quakes) {
      try {
        JsonNode magnitude = json.readTree(quake).get("mag");
        alerts +=
            magnitude != null && magnitude.isNumber() && magnitude.asDouble() >= ALERT_FROM ? 1 : 0;
      } catch (JsonProcessingException e) {
        throw new IllegalArgumentException("the data file has a line that is no JSON: " + quake, e);
      }
    }
    return alerts;
  }

  void add(Trace trace) {
    if (!trace.getCanvas().equals(canvas)) {
      return;
    }
    tracesByWorker.merge(trace.getWorker(), 1L, Long::sum);
    Queue queue = queues.computeIfAbsent(trace.getQueue(), name -> new Queue());
    switch (trace.getOutcome()) {
      case "lost" -> queue.retried++;
      case "completed" -> {
        queue.completed += completedIds.add(trace.getEventId()) ? 1 : 0;
      }
      case "errored" -> queue.errored++;
      default -> queue.dead++;
    }
    Instant started = trace.getStartedAt();
    if (started != null) {
      queue.waitedMicros.add(Duration.between(trace.getEmittedAt(), started).toNanos() / 1_000);
      queue.first = started.isBefore(queue.first) ? started : queue.first;
      queue.last = trace.getEndedAt().isAfter(queue.last) ? trace.getEndedAt() : queue.last;
    }
    lastById.merge(trace.getEventId(), trace, (a, b) -> a.getAttempt() >= b.getAttempt() ? a : b);
  }

  /// How many traces a worker has written.
  long tracesOf(String worker) {
    return tracesByWorker.getOrDefault(worker, 0L);
  }

  long ended() {
    return completedIds.size();
  }

  long expected() {
    return assessExpected + alertsExpected;
  }

  boolean complete() {
    return ended() >= expected();
  }

  String table() {
    String[] header = {
      "queue", "emitted", "completed", "errored", "retried", "dead", "events/s", "p50 ms", "p99 ms"
    };
    List<String[]> rows = new ArrayList<>();
    queues.forEach((name, queue) -> {
      double seconds = Math.max(0.001, Duration.between(queue.first, queue.last).toNanos() / 1e9);
      rows.add(
          new String[] {
            canvas + "/" + name,
            Long.toString(name.equals("assess") ? assessExpected : alertsExpected),
            Long.toString(queue.completed),
            Long.toString(queue.errored),
            Long.toString(queue.retried),
            Long.toString(queue.dead),
            "%.0f".formatted(queue.completed / seconds),
            percentile(queue.waitedMicros, 50),
            percentile(queue.waitedMicros, 99)
          });
    });
    return AsciiTable.getTable(header, rows.toArray(String[][]::new))
        + "\n(p50 and p99: from emit to start, retries included)";
  }

  private static String percentile(List<Long> micros, int percent) {
    if (micros.isEmpty()) {
      return "-";
    }
    List<Long> sorted = new ArrayList<>(micros);
    Collections.sort(sorted);
    int index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
    return "%.1f".formatted(sorted.get(index) / 1e3);
  }

  /// An event that needed more than one attempt.
  Optional<Trace> secondAttempt() {
    return lastById.values().stream()
        .filter(trace -> trace.getAttempt() > 1 && trace.getOutcome().equals("completed"))
        .findFirst();
  }

  /// What is not as it should be.
  Optional<String> wrong(Set<String> emittedIds) {
    Queue assess = queues.getOrDefault("assess", new Queue());
    Queue alert = queues.getOrDefault("alert", new Queue());
    if (emittedIds.size() != assessExpected || !completedIds.containsAll(emittedIds)) {
      return Optional.of(assess.completed + " of " + assessExpected + " quakes were assessed");
    }
    if (alert.completed != alertsExpected) {
      return Optional.of(alert.completed + " alerts ran, the data file has " + alertsExpected);
    }
    if (assess.errored + alert.errored + assess.dead + alert.dead > 0) {
      return Optional.of("some events errored or are dead");
    }
    if (secondAttempt().isEmpty()) {
      return Optional.of("no event had a second attempt, though a worker was killed");
    }
    return Optional.empty();
  }

  String summary() {
    long again = lastById.values().stream().filter(trace -> trace.getAttempt() > 1).count();
    return "All "
        + assessExpected
        + " quakes were assessed and all "
        + alertsExpected
        + " alerts ran, though a worker was killed: "
        + again
        + " events that it was running ran again elsewhere.";
  }
}
