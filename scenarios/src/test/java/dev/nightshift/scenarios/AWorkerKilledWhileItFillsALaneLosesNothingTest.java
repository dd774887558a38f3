package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerKilledWhileItFillsALaneLosesNothingTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final int EVENTS = 50_000;

  /// 50,000 events of a paused queue are moved to its lane. Two workers are killed in the midst of
  /// that, one after the other, and the third ends it: each event is in the lane once, and runs
  /// once when the queue is resumed.
  @Test
  void andDoublesNothing(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      try (Operator operator = new Operator(fleet)) {
        operator.raise(FlagKind.PAUSE, QUEUE);
        fleet.emitMany("e", EVENTS, "");
        int moved = 0;
        for (int i = 1; i <= 2; i++) {
          int before = moved;
          WorkerProcess worker = fleet.launchWorker();
          fleet.await(
              "some more are in the lane",
              Duration.ofSeconds(40),
              () -> fleet.laneCount() > before);
          worker.kill();
          moved = fleet.laneCount();
          assertTrue(moved < EVENTS, "it is killed in the midst of it");
        }
        fleet.launchWorker();
        QueueDepth all = new QueueDepth(0, EVENTS, 0, 0, Optional.empty());
        fleet.await(
            "all are in the lane", Duration.ofSeconds(60), () -> fleet.laneCount() >= EVENTS);
        operator.awaitDepth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE, () -> all);
        assertEquals(0, fleet.traceCount(), "nothing has started");

        operator.lift(FlagKind.PAUSE, QUEUE);
        fleet.await("all run", Duration.ofSeconds(60), () -> fleet.traceCount() >= EVENTS);
        operator.awaitDepth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE, () -> QueueDepth.NONE);
        assertEquals(EVENTS, fleet.outcomes().size());
        assertEquals(EVENTS, fleet.traces().size());
        assertEquals(EVENTS, fleet.laneCount());
      }
    }
  }
}
