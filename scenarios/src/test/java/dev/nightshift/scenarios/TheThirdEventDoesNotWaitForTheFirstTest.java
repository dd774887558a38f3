package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheThirdEventDoesNotWaitForTheFirstTest {
  @Test
  void inOnePartition(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(1);
      fleet.startWorker();
      fleet.emit("first", "until go");
      fleet.emit("second", "until go");
      fleet.emit("third", "return");
      fleet.await(
          "the third has ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().containsKey("third"));
      fleet.await(
          "the others run",
          Duration.ofSeconds(20),
          () -> fleet.starts("first").size() + fleet.starts("second").size() == 2);
      assertEquals(1, fleet.outcomes().size());

      fleet.release("go");
      fleet.await("all have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 3);
      assertEquals(3, fleet.traces().size());
    }
  }
}
