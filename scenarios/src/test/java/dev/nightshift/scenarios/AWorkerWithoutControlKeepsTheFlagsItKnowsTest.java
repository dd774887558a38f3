package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerWithoutControlKeepsTheFlagsItKnowsTest {
  private static final Scope URGENT = Scope.queue(ScenarioFleet.CANVAS, "urgent");
  private static final Scope WORK = Scope.queue(ScenarioFleet.CANVAS, "work");
  private static final Cause CAUSE = new Cause("scenario", "as told");

  private static final String BEHIND =
      "200 ready\nthe control topic cannot be followed, the last known flags count:"
          + " TopicAuthorizationException: ";

  /// What runs goes on by the last flags and says so; what starts cold starts nothing; and when the
  /// topic can be read again, the flags of now count.
  @Test
  void andOneThatStartsWithoutItStartsNothing(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder, ReadGate.settings());
        Fleet control = fleet.control()) {
      fleet.createCanvas(2);
      control.raise(FlagKind.PAUSE, URGENT, CAUSE, Optional.empty());
      WorkerProcess worker =
          fleet.startWorker("--command-property=client.id=cut", "--admin-port=0");
      ReadGate.shut("cut", ScenarioFleet.PLAN.control());
      saysThatItIsBehind(fleet, worker);
      startsNothingCold(fleet);
      control.lift(FlagKind.PAUSE, URGENT, CAUSE);
      control.raise(FlagKind.PAUSE, WORK, CAUSE, Optional.empty());
      goesOnByTheLastFlags(fleet, worker);
      ReadGate.open();
      obeysTheFlagsOfNow(fleet, worker);
    }
  }

  private static void saysThatItIsBehind(ScenarioFleet fleet, WorkerProcess worker) {
    fleet.await(
        "it says so",
        Duration.ofSeconds(20),
        () -> worker.answer("/health/ready").startsWith(BEHIND));
    assertTrue(worker.answer("/metrics").contains("nightshift_control_behind 1.0"));
  }

  private static void startsNothingCold(ScenarioFleet fleet) {
    WorkerProcess cold = fleet.launchWorker("--command-property=client.id=cut");
    assertEquals(4, cold.exit(Duration.ofSeconds(60)), cold.printed());
    assertTrue(
        cold.printed()
            .contains(
                "nightshift worker: cannot read the control topic nightshift.control: Kafka at "
                    + fleet.bootstrapServers()
                    + " does not allow it (TopicAuthorizationException: Not authorized to access"
                    + " topics: [nightshift.control]). Grant this client's principal the right, or"
                    + " use another principal\n"),
        cold.printed());
  }

  private static void goesOnByTheLastFlags(ScenarioFleet fleet, WorkerProcess worker) {
    fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "paused", "return");
    fleet.emitMany("runs", 20, "return");
    fleet.await(
        "what is not paused, for all it knows, runs",
        Duration.ofSeconds(20),
        () -> fleet.outcomes().size() == 20);
    assertEquals(List.of(), fleet.starts("paused"));
    assertTrue(fleet.notes().stream().allMatch(note -> note.worker().equals(worker.name())));
    assertTrue(worker.answer("/health/ready").startsWith(BEHIND), "it says so all the time");
    assertEquals(2, worker.printed().split("ControlBehind").length, "and logs it once");
  }

  private static void obeysTheFlagsOfNow(ScenarioFleet fleet, WorkerProcess worker) {
    fleet.await(
        "it follows again",
        Duration.ofSeconds(20),
        () -> worker.answer("/health/ready").equals("200 ready\n"));
    assertTrue(worker.answer("/metrics").contains("nightshift_control_behind 0.0"));
    fleet.emit("now-paused", "return");
    fleet.await(
        "the flags of now count",
        Duration.ofSeconds(20),
        () -> fleet.starts("paused").size() == 1 && fleet.laneCount() == 1);
    assertEquals(List.of(), fleet.starts("now-paused"));
  }
}
