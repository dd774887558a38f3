package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What goes on in a fleet at one moment. Pure.
///
/// @param now the moment
/// @param age how long ago that is
/// @param workers those that live, and those that are silent
/// @param depths what waits and runs, by queue
/// @param exact whether the depths are all of it, or at least so much
/// @param rates what ended of late, by queue
record TopReport(
    Instant now,
    Duration age,
    List<WorkerBeat> workers,
    SortedMap<QueueName, QueueDepth> depths,
    boolean exact,
    SortedMap<QueueName, TopEnds.Rates> rates) {
  private static final List<String> WORKERS =
      List.of("WORKER", "STATE", "RUNNING", "SLOTS", "PARTITIONS", "VERSION", "SAID");
  private static final List<String> QUEUES =
      List.of("QUEUE", "DEPTH", "RUNNING", "ENDS/S", "COMPLETED", "ERRORED", "OTHER", "P50");
  private static final double TENTH = 10;

  /// For people.
  String text(boolean withColors) {
    List<String> parts = new ArrayList<>();
    List<WorkerBeat> live = workers.stream().filter(beat -> !beat.silent()).toList();
    parts.add(
        "%d %s, %d running, %s waiting or running, %s ends/s%s"
            .formatted(
                live.size(),
                live.size() == 1 ? "worker" : "workers",
                live.stream().mapToInt(WorkerBeat::running).sum(),
                count(total()),
                rate(perSecond()),
                isOld() ? ", as of " + Durations.text(tenths(age)) + " ago" : ""));
    if (!workers.isEmpty()) {
      parts.add(
          new Table(WORKERS, workers.stream().map(this::cells).toList()).text(true, withColors));
    }
    List<QueueName> busiest = busiest();
    if (!busiest.isEmpty()) {
      parts.add(
          new Table(QUEUES, busiest.stream().map(this::cells).toList()).text(true, withColors));
    }
    return String.join("\n\n", parts);
  }

  /// For programs.
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", now.truncatedTo(ChronoUnit.MILLIS).toString());
    fields.put("depth", total());
    fields.put("exact", exact);
    fields.put("endsPerSecond", tenths(perSecond()));
    fields.put("windowSeconds", TopEnds.WINDOW.toSeconds());
    fields.put("workers", workers.stream().map(TopReport::fields).toList());
    fields.put("queues", busiest().stream().map(this::fields).toList());
    return fields;
  }

  // Nobody is told what the next turn would show anyway.
  private boolean isOld() {
    return age.compareTo(TopCommand.EVERY) > 0;
  }

  private static Duration tenths(Duration duration) {
    return Duration.ofMillis(duration.toMillis() / 100 * 100);
  }

  // Those that end most first, then those that wait most.
  private List<QueueName> busiest() {
    TreeSet<QueueName> all = new TreeSet<>(rates.keySet());
    depths.forEach((queue, depth) -> {
      if (depth.total() > 0) {
        all.add(queue);
      }
    });
    return all.stream()
        .sorted(
            Comparator.comparingDouble((QueueName queue) -> -rates(queue).all())
                .thenComparingLong(queue -> -depth(queue).total())
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  private List<String> cells(WorkerBeat beat) {
    return List.of(
        Output.cell(beat.worker()),
        beat.state(),
        Integer.toString(beat.running()),
        Integer.toString(beat.slots()),
        Integer.toString(beat.partitions()),
        beat.version().isEmpty() ? "-" : Output.cell(beat.version()),
        Durations.text(silence(beat)) + " ago");
  }

  private List<String> cells(QueueName queue) {
    TopEnds.Rates ended = rates(queue);
    double other = ended.all() - ended.of(Outcome.COMPLETED) - ended.of(Outcome.ERRORED);
    return List.of(
        queue.toString(),
        count(depth(queue).total()),
        count(depth(queue).running()),
        rate(ended.all()),
        rate(ended.of(Outcome.COMPLETED)),
        rate(ended.of(Outcome.ERRORED)),
        rate(other),
        ended.median().map(TopReport::millis).orElse("-"));
  }

  private static Map<String, Object> fields(WorkerBeat beat) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", beat.worker());
    fields.put("state", beat.state());
    fields.put("running", beat.running());
    fields.put("slots", beat.slots());
    fields.put("partitions", beat.partitions());
    fields.put("version", beat.version());
    fields.put("saidAt", beat.at().toString());
    return fields;
  }

  private Map<String, Object> fields(QueueName queue) {
    TopEnds.Rates ended = rates(queue);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("canvas", queue.canvas());
    fields.put("queue", queue.queue());
    fields.put("depth", depth(queue).total());
    fields.put("running", depth(queue).running());
    Map<String, Object> perSecond = new LinkedHashMap<>();
    ended.perSecond().forEach((outcome, rate) -> perSecond.put(outcome, tenths(rate)));
    fields.put("endsPerSecond", perSecond);
    ended.median().ifPresent(took -> fields.put("medianMillis", took.toNanos() / 1_000 / 1_000.0));
    return fields;
  }

  private TopEnds.Rates rates(QueueName queue) {
    return rates.getOrDefault(queue, TopEnds.Rates.NONE);
  }

  private QueueDepth depth(QueueName queue) {
    return depths.getOrDefault(queue, QueueDepth.NONE);
  }

  private long total() {
    return depths.values().stream().mapToLong(QueueDepth::total).sum();
  }

  private double perSecond() {
    return rates.values().stream().mapToDouble(TopEnds.Rates::all).sum();
  }

  private Duration silence(WorkerBeat beat) {
    Duration silence = Duration.between(beat.at(), now).truncatedTo(ChronoUnit.SECONDS);
    return silence.isNegative() ? Duration.ZERO : silence;
  }

  private String count(long count) {
    return (exact ? "" : QueueReport.AT_LEAST) + String.format(Locale.ROOT, "%,d", count);
  }

  private static String rate(double perSecond) {
    return perSecond < 1 / TENTH / 2 ? "-" : String.format(Locale.ROOT, "%,.1f", perSecond);
  }

  private static double tenths(double rate) {
    return Math.round(rate * TENTH) / TENTH;
  }

  private static String millis(Duration duration) {
    double millis = duration.toNanos() / 1e6;
    return String.format(Locale.ROOT, millis < TENTH ? "%.1f ms" : "%,.0f ms", millis);
  }

  /// The queues and workers that are shown, for who wants their names only.
  Stream<String> names() {
    return Stream.concat(
        workers.stream().map(WorkerBeat::worker), busiest().stream().map(QueueName::toString));
  }
}
