package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ABrokerMayRestartUnderLoadTest {
  @Test
  void whatWasAcknowledgedRunsAndIsFinished(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.startWorker();
      try (EmitLoop load = new EmitLoop(fleet, "sleep 100")) {
        fleet.await("some have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() > 100);
        fleet.kafka().stop();
        fleet.kafka().restart();
        int before = load.acknowledged().size();
        fleet.await(
            "emits go on", Duration.ofSeconds(40), () -> load.acknowledged().size() > before + 100);
        load.close();
        fleet.await(
            "all have ended",
            Duration.ofSeconds(60),
            () -> fleet.outcomes().keySet().containsAll(load.acknowledged().keySet()));
      }
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(0, fleet.dead().size());
    }
  }
}
