package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ARollingRestartLosesNothingTest {
  @Test
  void ofThreeWorkersUnderLoad(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      List<WorkerProcess> old = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        old.add(fleet.startWorker());
      }
      try (EmitLoop load = new EmitLoop(fleet, "sleep 50")) {
        for (WorkerProcess worker : old) {
          worker.terminate();
          assertEquals(0, worker.exit(Duration.ofSeconds(25)));
          fleet.startWorker();
        }
        load.close();
        fleet.await(
            "all have ended",
            Duration.ofSeconds(40),
            () -> fleet.outcomes().size() == load.acknowledged().size());
        assertTrue(load.refused().isEmpty());
        load.acknowledged()
            .keySet()
            .forEach(id -> assertEquals("completed", fleet.outcomes().get(id), id));
        // One trace each: no attempt was lost or handed back.
        assertEquals(load.acknowledged().size(), fleet.traces().size());
        assertEquals(0, fleet.dead().size());
      }
    }
  }
}
