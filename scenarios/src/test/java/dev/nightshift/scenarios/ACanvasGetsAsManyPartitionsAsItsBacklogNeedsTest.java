package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Concurrency;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.ScaleBounds;
import dev.nightshift.emitter.Emitted;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ACanvasGetsAsManyPartitionsAsItsBacklogNeedsTest {
  private static final Cause CAUSE = new Cause("scenario", "");
  private static final int WAITING = 2_000;
  private static final int LATER = 200;

  /// One worker that runs 20 events a second has 100 s of work, which should be done in 5.
  @Test
  void andAllThatWaitedAndAllThatComesAfterRunsOnce(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control = fleet.control()) {
      fleet.createCanvas(1);
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      control.scaleBounds(new ScaleBounds(1, 3, Duration.ofSeconds(5)), CAUSE);
      fleet.startWorker("--concurrency=4", "--command-property=metadata.max.age.ms=1000");
      fleet.emitMany("before", WAITING, "sleep 200");
      try (CommandProcess _ =
          CommandProcess.start(
              folder,
              "scheduler",
              "--scale-every=1s",
              "--bootstrap-server=" + fleet.bootstrapServers())) {
        fleet.await(
            "there are three partitions",
            Duration.ofSeconds(90),
            () -> control.partitions(topic) == 3);
      }
      control.concurrency(new Concurrency(Concurrency.ALL, Optional.of(200)), CAUSE);
      Set<Integer> partitions = new HashSet<>();
      try (Emitter emitter =
          Emitter.connect(EmitterSettings.of(fleet.bootstrapServers(), "scenario"))) {
        for (int i = 0; i < LATER; i++) {
          Emitted emitted =
              emitter.emit(ScenarioFleet.event(ScenarioFleet.CANVAS, "after" + i, "return")).join();
          partitions.add(emitted.partition());
        }
      }
      assertEquals(Set.of(0, 1, 2), partitions);
      fleet.await(
          "all have ended",
          Duration.ofSeconds(60),
          () -> fleet.outcomes().size() == WAITING + LATER);
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
      assertEquals(WAITING + LATER, fleet.traces().size());
    }
  }
}
