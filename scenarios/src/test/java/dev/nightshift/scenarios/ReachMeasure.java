package dev.nightshift.scenarios;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.Scope;
import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How far and how fast flags reach. No test: `./dev measure` prints the figures of
/// docs/performance.md, and says there how they are to be read.
class ReachMeasure {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Cause CAUSE = new Cause("measure", "as told");
  private static final int FLIPS = Integer.getInteger("nightshift.measure.flips", 200);
  private static final int WAITING = Integer.getInteger("nightshift.measure.waiting", 1_000_000);
  private static final int CANVASES = 10;

  // A worker that is paused has worked before: its code is compiled.
  private static final int WARM = 300_000;

  @Test
  void flagToLastStart(@TempDir Path folder) {
    record Flip(Instant called, Instant acknowledged, Instant lifted) {}
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = control(fleet)) {
      fleet.createCanvas(6);
      for (int i = 0; i < 4; i++) {
        fleet.startWorker();
      }
      List<Flip> flips = new ArrayList<>();
      try (EmitLoop load = new EmitLoop(fleet, "return")) {
        fleet.await("they run", Duration.ofSeconds(20), () -> fleet.notes().size() > 1_000);
        for (int i = 0; i < FLIPS; i++) {
          Instant called = Instant.now();
          control.raise(FlagKind.PAUSE, QUEUE, CAUSE, Optional.empty());
          Instant acknowledged = Instant.now();
          LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
          flips.add(new Flip(called, acknowledged, Instant.now()));
          control.lift(FlagKind.PAUSE, QUEUE, CAUSE);
          LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
        }
        print("emitted meanwhile: " + load.acknowledged().size());
      }
      List<Instant> starts =
          fleet.notes().stream().filter(Note::isStart).map(Note::at).sorted().toList();
      List<Long> afterCall = new ArrayList<>();
      List<Long> afterAcknowledgement = new ArrayList<>();
      for (Flip flip : flips) {
        Instant last =
            starts.stream()
                .filter(at -> at.isAfter(flip.called()) && at.isBefore(flip.lifted()))
                .reduce((first, second) -> second)
                .orElse(flip.called());
        afterCall.add(Duration.between(flip.called(), last).toMillis());
        afterAcknowledgement.add(
            Math.max(0, Duration.between(flip.acknowledged(), last).toMillis()));
      }
      print("flag called → last start over 4 workers, ms: " + quantiles(afterCall));
      print("flag acknowledged → last start, ms: " + quantiles(afterAcknowledgement));
    }
  }

  @Test
  void aBacklogBehindAPause(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = control(fleet)) {
      fleet.createCanvas(6);
      fleet.emitMany("first", WARM, "");
      fleet.startWorker();
      fleet.await(
          "warm",
          Duration.ofSeconds(60),
          () -> records(fleet, ScenarioFleet.PLAN.traces()) >= WARM);
      control.raise(FlagKind.PAUSE, QUEUE, CAUSE, Optional.empty());
      fleet.worker("worker-1").freeze();
      int batch = 100_000;
      for (int i = 0; i < WAITING; i += batch) {
        fleet.emitMany("b" + i + "-", batch, "");
      }
      fleet.worker("worker-1").thaw();
      Instant began = Instant.now();
      Map<Long, Long> moved = new TreeMap<>();
      long inLane = 0;
      while (inLane < WAITING) {
        inLane =
            records(fleet, ScenarioFleet.PLAN.lane(ScenarioFleet.CANVAS, 1, ScenarioFleet.QUEUE));
        moved.put(Duration.between(began, Instant.now()).toMillis(), inLane);
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      }
      long from =
          moved.entrySet().stream()
              .filter(e -> e.getValue() > WAITING / 10)
              .findFirst()
              .orElseThrow()
              .getKey();
      long fromCount = moved.get(from);
      long to =
          moved.entrySet().stream()
              .filter(e -> e.getValue() > WAITING * 9L / 10)
              .findFirst()
              .orElseThrow()
              .getKey();
      long toCount = moved.get(to);
      print(
          String.format(
              Locale.ROOT,
              "moved to the lane, events/s by one worker: %,d (all %,d took %,d ms)",
              (toCount - fromCount) * 1_000 / Math.max(1, to - from),
              WAITING,
              moved.keySet().stream().reduce((a, b) -> b).orElseThrow()));

      control.lift(FlagKind.PAUSE, QUEUE, CAUSE);
      Instant lifted = Instant.now();
      fleet.await(
          "all run",
          Duration.ofSeconds(300),
          () -> records(fleet, ScenarioFleet.PLAN.traces()) >= WARM + WAITING);
      List<Instant> starts = starts(fleet);
      TreeMap<Long, Integer> byWindow = new TreeMap<>();
      for (Instant start : starts) {
        byWindow.merge(Duration.between(lifted, start).toMillis() / 100, 1, Integer::sum);
      }
      List<Integer> rates = byWindow.values().stream().sorted().toList();
      int full = rates.get(rates.size() / 2);
      long reached =
          byWindow.entrySet().stream()
              .filter(e -> e.getValue() >= full * 9 / 10)
              .findFirst()
              .orElseThrow()
              .getKey();
      Instant first = starts.stream().min(Instant::compareTo).orElseThrow();
      print(
          "unpause acknowledged → first start, ms: " + Duration.between(lifted, first).toMillis());
      print(
          String.format(
              Locale.ROOT,
              "unpause → full rate (9/10 of the median of %,d/s), ms: %d",
              full * 10L,
              (reached + 1) * 100));
    }
  }

  @Test
  void aNewCanvas(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = control(fleet)) {
      fleet.createCanvas(6);
      fleet.startWorker();
      fleet.startWorker();
      List<Long> waits = new ArrayList<>();
      for (int i = 0; i < CANVASES; i++) {
        control.deleteCanvas(ScenarioFleet.CANVAS, CAUSE);
        Instant called = Instant.now();
        control.createCanvas(ScenarioFleet.CANVAS, 6, java.util.OptionalInt.empty(), CAUSE);
        String id = "n" + i;
        fleet.await("it is emitted", Duration.ofSeconds(5), () -> emits(fleet, id));
        fleet.await("it runs", Duration.ofSeconds(20), () -> !fleet.starts(id).isEmpty());
        waits.add(Duration.between(called, fleet.starts(id).get(0).at()).toMillis());
      }
      print("canvas created (called) → its first event starts, 2 workers, ms: " + quantiles(waits));
    }
  }

  @Test
  void theCountOfWhatWaits(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(6);
      int batch = 100_000;
      for (int i = 0; i < WAITING; i += batch) {
        fleet.emitMany("b" + i + "-", batch, "");
      }
      List<Long> quick = new ArrayList<>();
      List<Long> exact = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        quick.add(tookMillis(fleet, folder));
        exact.add(tookMillis(fleet, folder, "--exact"));
      }
      print("queue list, whole process, ms: " + quantiles(quick));
      print("queue list --exact, whole process, ms: " + quantiles(exact));
    }
  }

  private static long tookMillis(ScenarioFleet fleet, Path folder, String... more) {
    List<String> command =
        new ArrayList<>(List.of("queue", "list", "--bootstrap-server=" + fleet.bootstrapServers()));
    command.addAll(List.of(more));
    Instant begun = Instant.now();
    try (CommandProcess list = CommandProcess.start(folder, command.toArray(String[]::new))) {
      list.exit();
      long took = Duration.between(begun, Instant.now()).toMillis();
      print(list.printed());
      return took;
    }
  }

  // When those started that waited. Whole traces would be too many for the memory.
  private static List<Instant> starts(ScenarioFleet fleet) {
    try (TopicReader<Optional<Instant>> reader =
        new TopicReader<>(
            fleet.bootstrapServers(), ScenarioFleet.PLAN.traces(), ReachMeasure::start)) {
      return reader.read().stream().flatMap(Optional::stream).toList();
    }
  }

  private static Optional<Instant> start(ConsumerRecord<byte[], byte[]> record) {
    Trace trace = RecordCodec.TRACES.decode(record.value());
    return trace.getEventId().startsWith("first")
        ? Optional.empty()
        : Optional.of(trace.getStartedAt());
  }

  // The emitter may not have heard of the canvas yet.
  private static boolean emits(ScenarioFleet fleet, String id) {
    try {
      fleet.emit(id, "return");
      return true;
    } catch (CompletionException e) {
      return false;
    }
  }

  private static long records(ScenarioFleet fleet, String topic) {
    try {
      if (!fleet.admin().listTopics().names().get().contains(topic)) {
        return 0;
      }
      int partitions =
          fleet
              .admin()
              .describeTopics(List.of(topic))
              .allTopicNames()
              .get()
              .values()
              .iterator()
              .next()
              .partitions()
              .size();
      Map<TopicPartition, OffsetSpec> ask =
          new TreeMap<>((a, b) -> Integer.compare(a.partition(), b.partition()));
      for (int i = 0; i < partitions; i++) {
        ask.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
      return fleet.admin().listOffsets(ask).all().get().values().stream()
          .mapToLong(each -> each.offset())
          .sum();
    } catch (java.util.concurrent.ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fleet control(ScenarioFleet fleet) {
    return Fleet.of(
        Map.of("bootstrap.servers", fleet.bootstrapServers()),
        ScenarioFleet.PLAN,
        Duration.ofSeconds(20));
  }

  private static String quantiles(List<Long> values) {
    List<Long> sorted = values.stream().sorted().toList();
    int last = sorted.size() - 1;
    return "p50 "
        + sorted.get(last / 2)
        + ", p99 "
        + sorted.get((int) Math.round(last * 0.99))
        + ", most "
        + sorted.get(last)
        + " of "
        + sorted.size();
  }

  private static void print(String line) {
    System.out.println("MEASURED " + line);
  }
}
