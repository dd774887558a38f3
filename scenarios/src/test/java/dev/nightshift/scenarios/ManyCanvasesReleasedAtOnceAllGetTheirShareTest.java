package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.emitter.Emission;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyCanvasesReleasedAtOnceAllGetTheirShareTest {
  private static final int CANVASES = 20;
  private static final int OF_EACH = 130;
  private static final int ALL = CANVASES * OF_EACH;

  // All together are more than the heap.
  private static final int PAYLOAD_CHARS = 140_000;
  private static final String HEAP = "-Xmx256m";

  private static final Duration SOON = Duration.ofSeconds(60);

  /// One flag on everything is lifted. What the broker holds is a few megabytes: payloads that
  /// compress well are large only where they are read.
  @Test
  void byOneFlagOnAll(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      createCanvases(fleet);
      try (Operator operator = new Operator(fleet)) {
        operator.raise(FlagKind.BLOCK, Scope.all());
        emit(fleet, "sleep 400 ", canvas -> "x".repeat(PAYLOAD_CHARS));
        WorkerProcess worker = fleet.startWorker(HEAP);
        operator.awaitActedBy();
        assertEquals(0, fleet.traceCount(), "nothing has started");
        operator.lift(FlagKind.BLOCK, Scope.all());
        allRun(fleet, worker);
      }
      // Of each some have started before half of all have.
      List<Integer> half = starts(fleet).subList(0, ALL / 2);
      for (int canvas = 0; canvas < CANVASES; canvas++) {
        int one = canvas;
        long started = half.stream().filter(each -> each == one).count();
        assertTrue(started >= OF_EACH / 8, canvas + " had started " + started + " by half-time");
      }
    }
  }

  /// Each canvas's queue is resumed by itself, one right after the other.
  @Test
  void oneByOne(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      createCanvases(fleet);
      try (Operator operator = new Operator(fleet)) {
        for (int canvas = 0; canvas < CANVASES; canvas++) {
          operator.raise(FlagKind.PAUSE, queue(canvas));
        }
        WorkerProcess worker = fleet.startWorker(HEAP, "--concurrency=60");
        Random random = new Random(1);
        emit(fleet, "sleep 50 ", canvas -> noise(random));
        fleet.await("all are in their lanes", SOON, () -> inLanes(operator) == ALL);
        assertEquals(0, fleet.traceCount(), "nothing has started");
        for (int canvas = 0; canvas < CANVASES; canvas++) {
          operator.lift(FlagKind.PAUSE, queue(canvas));
        }
        allRun(fleet, worker);
        assertEquals(ALL, inLanesEver(fleet), "nothing is copied again");
      }
      // None waits until those are done that were released before.
      List<Integer> starts = starts(fleet);
      for (int canvas = CANVASES / 4; canvas < CANVASES; canvas++) {
        int first = starts.indexOf(canvas);
        int before = canvas;
        int last =
            IntStream.range(0, starts.size())
                .filter(i -> starts.get(i) < before)
                .max()
                .orElseThrow();
        assertTrue(first < last, canvas + " starts after all that were released before it");
      }
    }
  }

  private static Scope queue(int canvas) {
    return Scope.queue("herd" + canvas, ScenarioFleet.QUEUE);
  }

  private static void createCanvases(ScenarioFleet fleet) {
    fleet.createCanvas(1);
    try (var control = Operator.fleet(fleet.bootstrapServers())) {
      for (int canvas = 0; canvas < CANVASES; canvas++) {
        control.createCanvas("herd" + canvas, 1, OptionalInt.of(1), Operator.CAUSE);
      }
    }
  }

  private static void emit(ScenarioFleet fleet, String does, IntFunction<String> padding) {
    for (int i = 0; i < OF_EACH; i++) {
      List<Emission> events = new ArrayList<>();
      for (int canvas = 0; canvas < CANVASES; canvas++) {
        String script = does + padding.apply(canvas);
        events.add(
            Emission.of("herd" + canvas, ScenarioFleet.QUEUE, script.getBytes(UTF_8))
                .withId("herd" + canvas + "-" + i));
      }
      fleet.emitter().emitAll(events).forEach(emitted -> emitted.join());
    }
  }

  private static String noise(Random random) {
    byte[] bytes = new byte[PAYLOAD_CHARS * 3 / 4];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void allRun(ScenarioFleet fleet, WorkerProcess worker) {
    fleet.await("all run", SOON, () -> fleet.traceCount() >= ALL || !worker.alive());
    assertTrue(worker.alive(), worker::printed);
    assertFalse(worker.printed().contains("OutOfMemoryError"), worker::printed);
    assertEquals(ALL, fleet.traceCount());
    Map<String, Integer> starts = new HashMap<>();
    fleet.notes().stream()
        .filter(Note::isStart)
        .forEach(n -> starts.merge(n.id(), 1, Integer::sum));
    assertEquals(ALL, starts.size());
    starts.forEach((id, count) -> assertEquals(1, count, id));
  }

  // The canvases of what was started, in its order.
  private static List<Integer> starts(ScenarioFleet fleet) {
    return fleet.notes().stream()
        .filter(Note::isStart)
        .map(note -> Integer.valueOf(note.id().replaceAll("herd|-.*", "")))
        .toList();
  }

  private static long inLanes(Operator operator) {
    return operator.depths().values().stream().mapToLong(depth -> depth.inLane()).sum();
  }

  private static int inLanesEver(ScenarioFleet fleet) {
    int records = 0;
    for (int canvas = 0; canvas < CANVASES; canvas++) {
      String lane = ScenarioFleet.PLAN.lane("herd" + canvas, 1, ScenarioFleet.QUEUE);
      try (TopicReader<Boolean> reader =
          new TopicReader<>(fleet.bootstrapServers(), lane, record -> true)) {
        records += reader.read().size();
      }
    }
    return records;
  }
}
