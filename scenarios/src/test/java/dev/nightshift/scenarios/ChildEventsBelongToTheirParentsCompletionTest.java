package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildEventsBelongToTheirParentsCompletionTest {
  @Test
  void theyAreThereWhenItIsAndOnlyThen(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.emit("waits", "child-until go child return");
      fleet.emit("throws", "child-throw child return");
      fleet.emit("bad", "child no!queue return");
      fleet.emit("good", "child child return");
      fleet.await(
          "three parents and one child have ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == 4);
      assertEquals("errored", fleet.outcomes().get("throws"));
      assertEquals("errored", fleet.outcomes().get("bad"));
      assertEquals("completed", fleet.outcomes().get("good"));
      assertTrue(
          fleet.traces().stream()
              .filter(trace -> trace.getEventId().equals("bad"))
              .allMatch(trace -> trace.getError().getMessage().contains("'no!queue'")));

      fleet.release("go");
      fleet.await("all have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 6);
      Map<String, String> parents =
          fleet.traces().stream()
              .filter(trace -> trace.getQueue().equals("child"))
              .collect(
                  java.util.stream.Collectors.toMap(
                      trace -> String.valueOf(trace.getCause()), Trace::getOutcome));
      assertEquals(Map.of("good", "completed", "waits", "completed"), parents);
    }
  }
}
