package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.QueueDepth;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Checks of the live workers: whether there are any, whether they are alike, and whether they have
/// handlers for what waits. Pure.
///
/// @param live by name
/// @param view canvases and flags
/// @param depths what waits, by queue
/// @param subscribed the topics that the group reads
/// @param options the options that tell Nightshift's own commands this fleet
record Workers(
    List<WorkerBeat> live,
    ControlView view,
    SortedMap<QueueName, QueueDepth> depths,
    List<String> subscribed,
    String options) {
  /// Who has just started has not joined its group yet, and then waits for others to give it some.
  private static final Duration JOIN_MAX = Duration.ofSeconds(30);

  /// A leader sends all members' subscriptions and assignments in one request of at most 1 MB.
  private static final long GROUP_BYTES_MAX = 1_000_000;

  private static final int HALF = 2;

  List<Finding> findings(Instant now) {
    List<Finding> findings = new ArrayList<>();
    findings.add(alive());
    if (!live.isEmpty()) {
      findings.add(versions());
      findings.add(handlers());
      findings.add(idle(now));
      findings.add(groupBudget());
    }
    findings.addAll(unhandled(now));
    return findings;
  }

  private Finding alive() {
    long waiting = depths.values().stream().mapToLong(QueueDepth::total).sum();
    if (!live.isEmpty()) {
      return Finding.ok("workers", count(live.size()));
    }
    return Finding.bad(
        waiting > 0 ? Level.WRONG : Level.WARNING,
        "workers",
        new Difference(waiting > 0 ? "none, and " + waiting + " events wait" : "none", "1 or more"),
        "Nothing runs what is emitted",
        "nightshift worker --handlers DIR " + options);
  }

  private Finding versions() {
    SortedMap<String, List<String>> by = new TreeMap<>();
    live.forEach(beat ->
        by.computeIfAbsent(
                beat.version().isEmpty() ? "an unknown version" : beat.version(),
                _ -> new ArrayList<>())
            .add(beat.worker()));
    return by.size() <= 1
        ? Finding.ok("versions of workers", by.firstKey())
        : Finding.bad(
            Level.WARNING,
            "versions of workers",
            new Difference(
                by.entrySet().stream()
                    .map(each -> each.getKey() + " on " + Topics.names(each.getValue()))
                    .collect(Collectors.joining("; ")),
                "the same"),
            "A deploy is under way, or did not come to its end",
            "deploy the newer version to the others");
  }

  private Finding handlers() {
    Set<QueueName> all = new HashSet<>();
    live.forEach(beat -> all.addAll(beat.handlers()));
    List<String> lacking = new ArrayList<>();
    for (WorkerBeat beat : live) {
      List<String> missing =
          all.stream()
              .filter(queue -> !beat.handlers().contains(queue))
              .sorted()
              .map(QueueName::toString)
              .toList();
      if (!missing.isEmpty()) {
        lacking.add(beat.worker() + " lacks " + Topics.names(missing));
      }
    }
    return lacking.isEmpty()
        ? Finding.ok("handlers of workers", "the same " + all.size() + " everywhere")
        : Finding.bad(
            Level.WARNING,
            "handlers of workers",
            new Difference(String.join("; ", lacking), "the same everywhere"),
            "Events that some workers have no handler for take the detour over a lane",
            "give each worker the same handler JARs");
  }

  private Finding idle(Instant now) {
    Instant latest = now.minus(JOIN_MAX);
    List<WorkerBeat> without = live.stream().filter(beat -> beat.partitions() == 0).toList();
    List<String> idle =
        without.stream()
            .filter(beat -> beat.startedAt().isBefore(latest))
            .map(WorkerBeat::worker)
            .toList();
    return idle.isEmpty()
        ? Finding.ok(
            "partitions of workers",
            without.isEmpty() ? "each has some" : "each has some that did not just start")
        : Finding.bad(
            Level.WARNING,
            "partitions of workers",
            new Difference("none for " + Topics.names(idle), "some for each"),
            "These workers have nothing to do: there are more workers than partitions, or they could"
                + " not join their group",
            "add partitions with: kafka-topics.sh --alter --topic TOPIC --partitions N, or stop"
                + " workers");
  }

  private Finding groupBudget() {
    long names = subscribed.stream().mapToLong(String::length).sum();
    long bytes = names * live.size();
    String seen = "%d bytes (%s, %d of topics' names)".formatted(bytes, count(live.size()), names);
    if (bytes * HALF < GROUP_BYTES_MAX) {
      return Finding.ok("size of the group", seen);
    }
    return Finding.bad(
        bytes < GROUP_BYTES_MAX ? Level.WARNING : Level.WRONG,
        "size of the group",
        new Difference(seen, "less than " + GROUP_BYTES_MAX / HALF),
        "Above about %d bytes the group's leader cannot tell the members what is whose, and nobody"
                .formatted(GROUP_BYTES_MAX)
            + " works",
        "run fewer workers with more --concurrency each, or delete canvases that nobody uses");
  }

  private List<Finding> unhandled(Instant now) {
    if (live.isEmpty()) {
      return List.of();
    }
    Set<QueueName> announced = new HashSet<>();
    live.forEach(beat -> announced.addAll(beat.handlers()));
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<QueueName, QueueDepth> each : depths.entrySet()) {
      QueueName queue = each.getKey();
      if (lives(queue.canvas()) && each.getValue().total() > 0 && !announced.contains(queue)) {
        findings.add(unhandled(queue, each.getValue().total(), stopped(queue, now)));
      }
    }
    if (findings.isEmpty()) {
      findings.add(Finding.ok("handlers for what waits", "a live worker has each"));
    }
    return findings;
  }

  // What waits of a canvas that is gone ends as canvas_deleted, and its queues cannot be stopped.
  private boolean lives(String canvas) {
    return view.canvas(canvas).filter(known -> !known.deleted()).isPresent();
  }

  private Finding unhandled(QueueName queue, long waiting, boolean stopped) {
    return Finding.bad(
        Level.WRONG,
        "handlers for what waits",
        new Difference(
            "%d %s of %s, which no live worker has a handler for"
                .formatted(waiting, waiting == 1 ? "event waits" : "events wait", queue),
            "a worker with a handler " + queue),
        stopped
            ? "The queue is stopped; when it is resumed they end as no_handler, without being run"
            : "They end as no_handler, without being run",
        stopped
            ? "deploy its handler"
            : "nightshift queue pause %s --reason 'no handler' %s, then deploy its handler"
                .formatted(queue, options));
  }

  private boolean stopped(QueueName queue, Instant now) {
    return view.canvas(queue.canvas())
        .filter(canvas -> !view.flags().stopping(canvas, queue.queue(), now).isEmpty())
        .isPresent();
  }

  private static String count(int workers) {
    return workers + (workers == 1 ? " worker" : " workers");
  }
}
