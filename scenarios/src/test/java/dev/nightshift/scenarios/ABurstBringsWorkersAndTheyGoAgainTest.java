package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A scheduler decides, `nightshift fleet` obeys: one worker would take a minute for the burst.
class ABurstBringsWorkersAndTheyGoAgainTest {
  private static final int MANY = 200_000;
  private static final Duration LONG = Duration.ofSeconds(150);

  @Test
  void andNothingIsLostOrRunTwice(@TempDir Path folder) {
    try (ScenarioFleet scenario = new ScenarioFleet(folder)) {
      scenario.createCanvas(6);
      try (Fleet control = scenario.control()) {
        control.scaleBounds(new ScaleBounds(1, 4, Duration.ofSeconds(10)), Operator.CAUSE);
      }
      try (CommandProcess scheduler =
              CommandProcess.start(
                  folder,
                  "scheduler",
                  "--bootstrap-server=" + scenario.bootstrapServers(),
                  "--scale-every=1s",
                  "--scale-cool-down=10s");
          CommandProcess fleet =
              FleetProcess.start(scenario, folder, "--max=4", "--concurrency=64")) {
        scenario.awaitMembers(1);
        scenario.emitMany("e", MANY, "nap 20");
        scenario.await(
            "several work",
            LONG,
            () -> fleet.printed().contains("[night-3] worker - worker night-3 runs ["));
        scenario.await("all have ended", LONG, () -> scenario.traceCount() >= MANY);
        scenario.await("one is left", LONG, () -> drained(fleet) == started(fleet) - 1);
        assertFalse(
            fleet.printed().contains("another starts in"),
            () -> "a worker died:\n" + fleet.printed());
        assertTrue(FleetProcess.worker(fleet, 1).isAlive());
        assertTrue(scheduler.handle().isAlive(), scheduler.printed());
        fleet.interrupt();
        assertEquals(0, fleet.exit(), fleet.printed());
      }
      assertEquals(
          Map.of("completed", (long) MANY),
          scenario.outcomes().values().stream()
              .collect(Collectors.groupingBy(each -> each, Collectors.counting())));
      assertEquals(MANY, scenario.traces().size());
      assertTrue(scenario.traces().stream().map(Trace::getAttempt).allMatch(each -> each == 1));
    }
  }

  private static long started(CommandProcess fleet) {
    return count(fleet, " was started");
  }

  private static long drained(CommandProcess fleet) {
    return count(fleet, " has drained");
  }

  private static long count(CommandProcess fleet, String end) {
    return fleet.printed().lines().filter(line -> line.endsWith(end)).count();
  }
}
