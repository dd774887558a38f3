package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.scenarios.handlers.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnEventThatHaltsItsWorkerEndsDeadAfterFiveStartsTest {
  private static final int INNOCENT = 200;

  @Test
  void andNothingElseIsLostOrExhausted(@TempDir Path folder) throws Exception {
    Path starts = folder.resolve("starts");
    try (ScenarioFleet fleet = new ScenarioFleet(folder, Work.class.getName());
        Emitter emitter =
            Emitter.connect(EmitterSettings.of(fleet.bootstrapServers(), "scenario"))) {
      for (int i = 0; i < INNOCENT; i++) {
        String word = List.of("return", "null", "throw", "overflow").get(i % 4);
        emitter.emit(event("e" + i, word, starts)).join();
      }
      emitter.emit(event("killer", "halt", starts)).join();
      ScenarioFleet.await(
          "the killer is dead and all others ended",
          Duration.ofSeconds(150),
          () -> {
            restart(fleet);
            return fleet.dead().size() == 1 && ends(fleet.traces()).size() == INNOCENT + 1;
          });

      Map<String, String> ends = ends(fleet.traces());
      for (int i = 0; i < INNOCENT; i++) {
        assertEquals(i % 4 < 2 ? "completed" : "errored", ends.get("e" + i), "e" + i);
      }
      assertEquals("exhausted", ends.get("killer"));
      assertEquals(
          List.of("killer 1", "killer 2", "killer 3", "killer 4", "killer 5"),
          Files.readAllLines(starts).stream().filter(line -> line.startsWith("killer")).toList());
      var dead = fleet.dead().get(0);
      assertEquals("killer", new String(dead.headers().lastHeader("ce_id").value(), UTF_8));
      assertEquals("halt " + starts, new String(dead.value(), UTF_8));
      assertEquals(
          5, new String(dead.headers().lastHeader("ns-history").value(), UTF_8).lines().count());
      assertTrue(
          new String(dead.headers().lastHeader("ns-reason").value(), UTF_8)
              .startsWith("all 5 attempts were lost; the last: worker worker-"));
      // One that ended while its worker died may have run again, as another attempt.
      Set<String> once = new HashSet<>();
      for (Trace trace : fleet.traces()) {
        String attempt = trace.getEventId() + " attempt " + trace.getAttempt();
        if (!trace.getOutcome().equals("lost")) {
          assertTrue(once.add(attempt), attempt + " ended twice");
        }
      }
    }
  }

  private static Emission event(String id, String word, Path starts) {
    return Emission.of("scenario", "work", (word + " " + starts).getBytes(UTF_8)).withId(id);
  }

  private static void restart(ScenarioFleet fleet) {
    try {
      fleet.restartTheDead(2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> ends(List<Trace> traces) {
    Map<String, String> ends = new HashMap<>();
    for (Trace trace : traces) {
      if (!trace.getOutcome().equals("lost")) {
        ends.put(trace.getEventId(), trace.getOutcome());
      }
    }
    return ends;
  }
}
