package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AHandlerThatTakesTooLongIsTimedOutTest {
  @Test
  void andFinishedOrReportedIfItDoesNotListen(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess worker = fleet.startWorker();
      fleet.emitTo("scenario", "limited", "listens", "until never");
      fleet.emitTo("scenario", "limited", "stubborn", "stubborn go");
      fleet.await(
          "the one has ended, the other is reported",
          Duration.ofSeconds(20),
          () ->
              fleet.outcomes().containsKey("listens")
                  && worker
                      .printed()
                      .contains(
                          "IgnoresInterrupt[canvas=scenario, queue=limited, eventId=stubborn"));
      assertEquals("timed_out", fleet.outcomes().get("listens"));
      assertEquals(1, fleet.outcomes().size());

      fleet.release("go");
      fleet.await("both have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 2);
      assertEquals("timed_out", fleet.outcomes().get("stubborn"));
      assertEquals(1, fleet.starts("listens").size());
      assertEquals(1, fleet.starts("stubborn").size());
      assertEquals(2, fleet.traces().size());
    }
  }
}
