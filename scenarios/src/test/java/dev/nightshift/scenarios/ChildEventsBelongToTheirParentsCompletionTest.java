package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.DelayedKey;
import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
                  Collectors.toMap(trace -> String.valueOf(trace.getCause()), Trace::getOutcome));
      assertEquals(Map.of("good", "completed", "waits", "completed"), parents);
    }
  }

  @Test
  void soDoThoseThatAreDueLater(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        TopicReader<String> delayed =
            new TopicReader<>(
                fleet.bootstrapServers(),
                ScenarioFleet.PLAN.delayed(),
                record -> record.partition() + " " + new String(record.key(), UTF_8))) {
      fleet.startWorker();
      Map<String, String> expected = new HashMap<>();
      for (int i = 0; i < 10; i++) {
        fleet.emit("throws-" + i, "later-throw child return");
        fleet.emit("good-" + i, "later child return");
        expected.put("throws-" + i, "errored");
        expected.put("good-" + i, "completed");
      }
      fleet.await("all have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 20);
      assertEquals(expected, fleet.outcomes());
      Set<String> children =
          fleet.traces().stream()
              .flatMap(trace -> trace.getChildren().stream())
              .map(child -> DelayedKey.of(child.getCanvas(), child.getEventId()))
              .map(key -> DelayedKey.partition(key, 6) + " " + new String(key, UTF_8))
              .collect(Collectors.toSet());
      assertEquals(10, children.size());
      assertEquals(children, new HashSet<>(delayed.read()), "each where others look for its key");
    }
  }
}
