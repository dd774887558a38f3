package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ABacklogThatStandsAloneIsNotMovedTest {
  private static final int PARTITIONS = 2;
  private static final int BACKLOG = 30_000;
  private static final int SLOTS = 64;

  /// A slow queue stays where it is while nobody has a handler of another one of its canvas, and
  /// makes way as soon as somebody has.
  @Test
  void untilAWorkerComesThatHasAHandlerOfAnotherQueue(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(PARTITIONS);
      fleet.emitMany("slow", BACKLOG, "sleep 500");
      fleet.startOlderWorker("--concurrency=" + SLOTS);
      // It takes a quarter of a minute: one partition is claimed of for longer than a queue may
      // stand still.
      fleet.await(
          "it has been full for long, and gets on",
          Duration.ofSeconds(120),
          () -> fleet.notes().stream().filter(note -> !note.isStart()).count() >= 30 * SLOTS);
      assertEquals(0, fleet.laneCount(), "there is nobody to make way for");

      fleet.startWorker("--concurrency=" + SLOTS);
      fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "newcomer", "return");
      fleet.await(
          "it has made way",
          Duration.ofSeconds(60),
          () -> fleet.laneCount() > 0 && fleet.ends("newcomer").size() == 1);
    }
  }
}
