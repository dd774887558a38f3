package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandlersThatNeverYieldStarveNobodyTest {
  @Test
  void anotherCanvasStartsWithinASecond(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.emit("other", "warm-up", "return");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.ends("warm-up").size() == 1);
      int processors = Runtime.getRuntime().availableProcessors();
      for (int i = 0; i < processors; i++) {
        fleet.emit("spin" + i, "spin go");
      }
      fleet.await(
          "they spin", Duration.ofSeconds(20), () -> fleet.notes().size() == 2 + processors);
      for (int i = 0; i < 10; i++) {
        fleet.assertStartsWithinASecond("other", "e" + i);
      }
      fleet.release("go");
      fleet.await(
          "all have ended",
          Duration.ofSeconds(30),
          () -> fleet.outcomes().size() == 11 + processors);
      assertTrue(fleet.outcomes().values().stream().allMatch("completed"::equals));
    }
  }
}
