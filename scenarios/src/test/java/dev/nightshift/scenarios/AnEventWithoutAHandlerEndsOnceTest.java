package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnEventWithoutAHandlerEndsOnceTest {
  @Test
  void asNoHandlerWithATrace(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.startWorker();
      fleet.emitTo("scenario", "wrok", "typo", "return");
      fleet.emit("right", "return");
      fleet.await("both have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 2);

      assertEquals("no_handler", fleet.outcomes().get("typo"));
      assertEquals("completed", fleet.outcomes().get("right"));
      List<Trace> traces =
          fleet.traces().stream().filter(trace -> trace.getEventId().equals("typo")).toList();
      assertEquals(1, traces.size());
      assertEquals("wrok", traces.get(0).getQueue());
      assertEquals(1, traces.get(0).getAttempt());
      assertNull(traces.get(0).getStartedAt());
      assertEquals("no live worker has a handler for scenario/wrok", traces.get(0).getReason());
      assertEquals(0, fleet.retries().size());
      assertEquals(0, fleet.dead().size());

      String described = said(fleet, folder, "queue", "describe", "scenario/wrok");
      assertTrue(
          described.contains(
              "dropped     1 of the last 24h\n"
                  + "            no live worker had a handler for them; did you mean"
                  + " scenario/work?\n"),
          described);
      String listed = said(fleet, folder, "queue", "list", "-o", "jsonl");
      assertTrue(
          listed.contains(
              "\"dropped\":{\"count\":1,\"exact\":true,\"withinSeconds\":86400,"
                  + "\"nearest\":\"scenario/work\"}"),
          listed);
    }
  }

  private static String said(ScenarioFleet fleet, Path folder, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--bootstrap-server=" + fleet.bootstrapServers());
    try (CommandProcess command = CommandProcess.start(folder, all.toArray(String[]::new))) {
      assertEquals(0, command.exit(), command::printed);
      return command.printed();
    }
  }
}
