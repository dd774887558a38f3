package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class APauseDuringTheDrainOfALaneStopsWhatIsLeftTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final int EVENTS = 3_000;
  private static final int PAUSES = 4;
  private static final int BETWEEN = 150;
  private static final int CONCURRENCY = 10;
  private static final int RUNNING = 2 * CONCURRENCY;

  /// What waited in a lane runs from there; paused again in the midst of that, four times, nothing
  /// of what is left starts until it is resumed, and it is not moved again.
  @Test
  void andCopiesNothing(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      try (Operator operator = new Operator(fleet)) {
        operator.raise(FlagKind.PAUSE, QUEUE);
        fleet.emitMany("e", EVENTS, "sleep 30");
        fleet.startWorker("--concurrency=" + CONCURRENCY);
        fleet.startWorker("--concurrency=" + CONCURRENCY);
        Duration soon = Duration.ofSeconds(30);
        fleet.await("all are in the lane", soon, () -> fleet.laneCount() == EVENTS);
        for (int i = 0; i < PAUSES; i++) {
          int before = fleet.outcomes().size();
          operator.lift(FlagKind.PAUSE, QUEUE);
          fleet.await("some run", soon, () -> fleet.outcomes().size() > before + BETWEEN);
          operator.stop(FlagKind.PAUSE, QUEUE);
          startsNothing(fleet, operator, "witness" + i);
        }
        assertTrue(fleet.outcomes().size() < EVENTS, "there was something left to pause");
        operator.lift(FlagKind.PAUSE, QUEUE);
        int all = EVENTS + PAUSES;
        fleet.await("all run", soon, () -> fleet.outcomes().size() == all);
        assertEquals(all, fleet.traces().size());
        assertEquals(all, fleet.notes().stream().filter(Note::isStart).count());
        assertEquals(EVENTS, fleet.laneCount());
      }
    }
  }

  // All workers act by the pause: what runs ends, and what had not started by then does not.
  private static void startsNothing(ScenarioFleet fleet, Operator operator, String witness) {
    long started = started(fleet);
    operator.awaitDepth(
        ScenarioFleet.CANVAS,
        ScenarioFleet.QUEUE,
        () -> new QueueDepth(0, EVENTS - ended(fleet), 0, 0, Optional.empty()));
    long settled = started(fleet);
    assertTrue(settled - started <= RUNNING, "more than what was about to run has started");
    fleet.emitTo(ScenarioFleet.CANVAS, "urgent", witness, "return");
    fleet.await(
        witness + " runs", Duration.ofSeconds(20), () -> fleet.outcomes().containsKey(witness));
    assertEquals(settled, started(fleet), "something has started");
    assertEquals(EVENTS, fleet.laneCount());
  }

  private static long started(ScenarioFleet fleet) {
    return fleet.notes().stream().filter(n -> n.isStart() && n.id().startsWith("e")).count();
  }

  private static int ended(ScenarioFleet fleet) {
    return (int) fleet.outcomes().keySet().stream().filter(id -> id.startsWith("e")).count();
  }
}
