package dev.nightshift.scenarios;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ABacklogOfSlowEventsHoldsUpNoOtherCanvasTest {
  private static final int PARTITIONS = 2;
  private static final int IN_EACH = 200_000;

  @Test
  void itsEventsStartWithinASecond(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(PARTITIONS);
      fleet.startWorker();
      fleet.emit("other", "warm-up", "return");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.ends("warm-up").size() == 1);
      fleet.emitMany("slow", PARTITIONS * IN_EACH, "sleep 60000");
      fleet.await(
          "all slots but those kept for others are taken",
          Duration.ofSeconds(40),
          () -> fleet.notes().size() > 9_000);
      for (int i = 0; i < 5; i++) {
        fleet.assertStartsWithinASecond("other", "e" + i);
      }
    }
  }
}
