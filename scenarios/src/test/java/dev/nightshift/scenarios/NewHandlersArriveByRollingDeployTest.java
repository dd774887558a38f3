package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewHandlersArriveByRollingDeployTest {
  private static final int EVENTS = 60;

  /// While only some workers have a queue's handler they run all of its events. Once none of them
  /// lives, its events end without one; and when one comes again, it runs what is emitted then.
  @Test
  void andWhoHasThemRunsTheirEvents(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(6);
      fleet.startOlderWorker();
      WorkerProcess newer = fleet.startWorker();
      fleet.startOlderWorker();
      List<String> first = emit(fleet, "a");
      fleet.await("all ran", Duration.ofSeconds(30), () -> ended(fleet, first, "completed"));
      first.forEach(id -> assertEquals(newer.name(), fleet.starts(id).get(0).worker(), id));

      // An end is on record a moment after its trace is; killed in between it would count as lost.
      fleet.await("all is settled", Duration.ofSeconds(20), () -> claims(fleet) == 0);
      newer.kill();
      List<String> second = emit(fleet, "b");
      fleet.await(
          "nobody has the handler any more",
          Duration.ofSeconds(40),
          () -> ended(fleet, second, "no_handler"));

      fleet.startWorker();
      List<String> third = emit(fleet, "c");
      fleet.await("all ran", Duration.ofSeconds(30), () -> ended(fleet, third, "completed"));
      assertTrue(
          fleet.traces().stream().noneMatch(trace -> trace.getOutcome().equals("lost")),
          "nothing was charged");
    }
  }

  private static List<String> emit(ScenarioFleet fleet, String prefix) {
    List<String> ids = IntStream.range(0, EVENTS).mapToObj(i -> prefix + i).toList();
    ids.forEach(id -> fleet.emitTo(ScenarioFleet.CANVAS, "urgent", id, "return"));
    return ids;
  }

  private static long claims(ScenarioFleet fleet) {
    return fleet.ledgers().claims(ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1))
        + fleet.ledgers().claims(ScenarioFleet.PLAN.lane(ScenarioFleet.CANVAS, 1, "urgent"));
  }

  private static boolean ended(ScenarioFleet fleet, List<String> ids, String outcome) {
    var outcomes = fleet.outcomes();
    return ids.stream().allMatch(id -> outcome.equals(outcomes.get(id)));
  }
}
