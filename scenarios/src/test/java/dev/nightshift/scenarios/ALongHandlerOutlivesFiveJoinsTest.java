package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ALongHandlerOutlivesFiveJoinsTest {
  @Test
  void itEndsCompletedAndIsChargedNothing(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.emit("long", "until go");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("long").size() == 1);
      for (int joins = 0; joins < 5; joins++) {
        fleet.startWorker();
      }
      fleet.release("go");
      fleet.await("it has ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 1);

      assertEquals("completed", fleet.outcomes().get("long"));
      assertEquals(1, fleet.traces().size());
      assertEquals(1, fleet.traces().get(0).getAttempt());
      // Where its partition moved it was started again, uncharged.
      fleet.starts("long").forEach(start -> assertEquals(1, start.attempt()));
      assertEquals(1, fleet.ends("long").size());
    }
  }
}
