package dev.nightshift.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ABacklogOfSlowEventsHoldsUpNoOtherQueueTest {
  private static final int PARTITIONS = 2;
  private static final int IN_EACH = 200_000;
  // What is running, or may still stand in memory where it was emitted.
  private static final int NOT_IN_LANE_MAX = 30_000;

  /// A queue whose handlers do not get on makes way for the other queues of its canvas.
  @Test
  void eventsOfAnotherQueueOfItsCanvasStartWithinASecond(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(PARTITIONS);
      fleet.startWorker();
      fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "warm-up", "return");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.ends("warm-up").size() == 1);
      fleet.emitMany("slow", PARTITIONS * IN_EACH, "sleep 60000");
      fleet.await(
          "the backlog has made way",
          Duration.ofSeconds(60),
          () -> fleet.laneCount() > PARTITIONS * IN_EACH - NOT_IN_LANE_MAX);
      // The last of it may still be on its way: on a slow machine that takes more than a second.
      for (int i = 0; i < 4 * PARTITIONS; i++) {
        String behind = "behind" + i;
        fleet.emitTo(ScenarioFleet.CANVAS, "urgent", behind, "return");
        fleet.await(
            "what stands behind it starts",
            Duration.ofSeconds(60),
            () -> !fleet.starts(behind).isEmpty());
      }
      for (int i = 0; i < 5; i++) {
        fleet.assertStartsWithinASecond(ScenarioFleet.CANVAS, "urgent", "e" + i);
      }
    }
  }
}
