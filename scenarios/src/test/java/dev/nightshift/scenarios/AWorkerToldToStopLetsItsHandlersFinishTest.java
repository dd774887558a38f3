package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerToldToStopLetsItsHandlersFinishTest {
  @Test
  void withinItsGracePeriod(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess stopping = fleet.startWorker();
      fleet.emit("running", "sleep 2000");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("running").size() == 1);

      stopping.terminate();
      fleet.await(
          "it drains",
          Duration.ofSeconds(10),
          () -> stopping.printed().contains("Draining[running=1"));
      fleet.emit("later", "return");
      assertEquals(0, stopping.exit(Duration.ofSeconds(10)));
      assertEquals("completed", fleet.outcomes().get("running"));
      assertEquals(0, fleet.starts("later").size());

      fleet.startWorker();
      fleet.await(
          "the other runs what waited", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 2);
      assertEquals(List.of(1), fleet.starts("later").stream().map(Note::attempt).toList());
      assertEquals(1, fleet.starts("running").size());
      assertEquals(2, fleet.traces().size());
    }
  }
}
