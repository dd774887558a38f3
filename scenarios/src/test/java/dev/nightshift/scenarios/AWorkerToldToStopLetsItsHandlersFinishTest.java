package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerToldToStopLetsItsHandlersFinishTest {
  private static final int LATER = 20;

  @Test
  void withinItsGracePeriodAndStartsNothingMore(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.startWorker();
      fleet.emit("running", "sleep 2000");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("running").size() == 1);
      WorkerProcess stopping = fleet.worker(fleet.starts("running").get(0).worker());

      stopping.terminate();
      fleet.await(
          "it drains",
          Duration.ofSeconds(10),
          () -> stopping.printed().contains("Draining[running=1"));
      fleet.emitMany("later", LATER, "return");
      assertEquals(0, stopping.exit(Duration.ofSeconds(10)));
      assertEquals("completed", fleet.outcomes().get("running"));

      fleet.await(
          "the other runs what came later",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == LATER + 1);
      for (int i = 0; i < LATER; i++) {
        List<Note> starts = fleet.starts("later" + i);
        assertEquals(List.of(1), starts.stream().map(Note::attempt).toList());
        assertNotEquals(stopping.name(), starts.get(0).worker());
      }
      assertEquals(1, fleet.starts("running").size());
      assertEquals(LATER + 1, fleet.traces().size());
    }
  }
}
