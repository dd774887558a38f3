package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnEventThatHaltsItsWorkerEndsDeadAfterFiveStartsTest {
  private static final int INNOCENT = 200;

  @Test
  void andNothingElseIsLostOrExhausted(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.emitMany("e", INNOCENT, "sleep 20");
      fleet.emit("killer", "halt");
      fleet.await(
          "the killer is dead and all others ended",
          Duration.ofSeconds(150),
          () -> {
            fleet.restartTheDead(2);
            return fleet.outcomes().size() == INNOCENT + 1;
          });

      Map<String, String> outcomes = fleet.outcomes();
      for (int i = 0; i < INNOCENT; i++) {
        assertEquals("completed", outcomes.get("e" + i), "e" + i);
      }
      assertEquals("exhausted", outcomes.get("killer"));
      assertEquals(
          List.of(1, 2, 3, 4, 5), fleet.starts("killer").stream().map(Note::attempt).toList());
      var dead = fleet.dead();
      assertEquals(1, dead.size());
      var headers = dead.get(0).headers();
      assertEquals("killer", new String(headers.lastHeader("ce_id").value(), UTF_8));
      assertEquals("halt", new String(dead.get(0).value(), UTF_8));
      assertEquals(5, new String(headers.lastHeader("ns-history").value(), UTF_8).lines().count());
      assertTrue(
          new String(headers.lastHeader("ns-reason").value(), UTF_8)
              .startsWith("all 5 attempts were lost; the last: worker worker-"));
    }
  }
}
