package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class APausedQueueHoldsUpNoOtherQueueTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Cause CAUSE = new Cause("scenario", "as told");
  private static final int WAITING = 100_000;

  /// What a paused queue has waits in its lane, and is run from there once the pause is lifted; set
  /// again in the midst of that, it stops what is left.
  @Test
  void itsEventsWaitInItsLane(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control =
            Fleet.of(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                ScenarioFleet.PLAN,
                Duration.ofSeconds(20))) {
      fleet.createCanvas(2);
      control.raise(FlagKind.PAUSE, QUEUE, CAUSE, Optional.empty());
      fleet.startWorker();
      fleet.startWorker();
      fleet.emitMany("paused", WAITING, "");
      fleet.await(
          "all are in the lane", Duration.ofSeconds(60), () -> fleet.laneCount() == WAITING);
      for (int i = 0; i < 5; i++) {
        fleet.assertStartsWithinASecond(ScenarioFleet.CANVAS, "urgent", "e" + i);
      }
      fleet.await("and end", Duration.ofSeconds(20), () -> fleet.traceCount() == 5);

      control.lift(FlagKind.PAUSE, QUEUE, CAUSE);
      fleet.await("the backlog runs", Duration.ofSeconds(20), () -> fleet.traceCount() > 1_000);
      control.raise(FlagKind.PAUSE, QUEUE, CAUSE, Optional.empty());
      fleet.emitMany("more", 10, "");
      fleet.await(
          "what came is in the lane",
          Duration.ofSeconds(20),
          () -> fleet.laneCount() == WAITING + 10);
      control.lift(FlagKind.PAUSE, QUEUE, CAUSE);
      int all = WAITING + 15;
      fleet.await("all run", Duration.ofSeconds(60), () -> fleet.traceCount() >= all);
      assertEquals(all, fleet.outcomes().size());
      assertEquals(all, fleet.traces().size());
      assertEquals(WAITING + 10, fleet.laneCount(), "nothing is copied back or again");
    }
  }
}
