package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerKilledMidHandlerCostsItsEventsOneAttemptTest {
  @Test
  void andThoseThatWaitedNothing(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      // Two slots: the third event waits.
      WorkerProcess first = fleet.startWorker("--concurrency=2");
      fleet.emit("a", "until go");
      fleet.emit("b", "until go");
      fleet.await(
          "both run",
          Duration.ofSeconds(20),
          () -> fleet.starts("a").size() + fleet.starts("b").size() == 2);
      fleet.emit("waiting", "return");

      first.kill();
      fleet.startWorker();
      fleet.await(
          "both run again",
          Duration.ofSeconds(20),
          () -> fleet.starts("a").size() + fleet.starts("b").size() == 4);
      fleet.release("go");
      fleet.await("all have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 3);

      assertEquals(List.of(1, 2), fleet.starts("a").stream().map(Note::attempt).toList());
      assertEquals(List.of(1, 2), fleet.starts("b").stream().map(Note::attempt).toList());
      assertEquals(List.of(1), fleet.starts("waiting").stream().map(Note::attempt).toList());
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      List<Trace> lost =
          fleet.traces().stream().filter(trace -> trace.getOutcome().equals("lost")).toList();
      assertEquals(2, lost.size());
      for (Trace trace : lost) {
        assertEquals(1, trace.getAttempt());
        assertEquals(
            "worker worker-1 died or was cut off while it ran this attempt", trace.getReason());
      }
    }
  }
}
