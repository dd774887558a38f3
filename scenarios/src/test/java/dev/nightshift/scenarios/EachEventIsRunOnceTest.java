package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EachEventIsRunOnceTest {
  private static final int MANY = 100_000;

  @Test
  void oneAndAHundredThousand(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.startWorker();
      fleet.emit("one", "return");
      fleet.emitMany("e", MANY, "");
      fleet.await(
          "all have ended", Duration.ofSeconds(90), () -> fleet.traces().size() >= MANY + 1);

      // Each trace is one attempt, and there is one for each event.
      Map<String, Long> outcomes =
          fleet.outcomes().values().stream()
              .collect(Collectors.groupingBy(each -> each, Collectors.counting()));
      assertEquals(Map.of("completed", MANY + 1L), outcomes);
      assertEquals(MANY + 1, fleet.traces().size());
      assertEquals(1, fleet.starts("one").size());
      assertEquals(0, fleet.dead().size());
    }
  }
}
