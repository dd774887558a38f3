package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.emitter.EmitException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ACanvasMayBeDeletedAndCreatedAgainUnderLoadTest {
  @Test
  void whatWaitedIsDroppedAndWhatComesRuns(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Fleet control =
            Fleet.of(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                ScenarioFleet.PLAN,
                Duration.ofSeconds(20))) {
      fleet.createCanvas(3);
      // Five slots, so that events wait.
      fleet.startWorker("--concurrency=5");
      try (EmitLoop load = new EmitLoop(fleet, "sleep 20")) {
        fleet.await("some have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() > 100);
        control.deleteCanvas(ScenarioFleet.CANVAS, new Cause("scenario", ""));
        fleet.await("emits are refused", Duration.ofSeconds(20), () -> !load.refused().isEmpty());
        control.createCanvas(ScenarioFleet.CANVAS, 3, OptionalInt.of(1), new Cause("scenario", ""));
        String first = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
        String second = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 2);
        fleet.await(
            "emits go on",
            Duration.ofSeconds(20),
            () ->
                load.acknowledged().values().stream().filter(e -> e.topic().equals(second)).count()
                    > 100);
        load.close();
        fleet.await(
            "all have ended",
            Duration.ofSeconds(60),
            () -> fleet.outcomes().size() == load.acknowledged().size());

        load.acknowledged()
            .forEach((id, emitted) -> {
              String outcome = fleet.outcomes().get(id);
              assertTrue(
                  outcome.equals("completed")
                      || (outcome.equals("canvas_deleted") && emitted.topic().equals(first)),
                  id + " in " + emitted.topic() + " ended as " + outcome);
            });
        assertTrue(fleet.outcomes().containsValue("canvas_deleted"));
        assertEquals(load.acknowledged().size(), fleet.traces().size());
        load.refused().forEach((id, e) -> assertInstanceOf(EmitException.CanvasDeleted.class, e));
        fleet.await(
            "the first generation's topic is deleted",
            Duration.ofSeconds(40),
            () -> !exists(fleet, first));
        assertTrue(exists(fleet, second));
        fleet.emit("after", "return");
        fleet.await(
            "the second generation goes on",
            Duration.ofSeconds(20),
            () -> fleet.outcomes().getOrDefault("after", "").equals("completed"));
      }
    }
  }

  private static boolean exists(ScenarioFleet fleet, String topic) {
    try {
      return fleet.admin().listTopics().names().get().contains(topic);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
