package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AWorkerThatCannotWorkSaysWhyTest {
  @Test
  void andEndsWithTheFittingStatus(@TempDir Path folder) throws IOException {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      Path none = Files.createDirectory(folder.resolve("none"));
      WorkerProcess empty = fleet.launchWorker("--handlers=" + none);
      assertEquals(1, empty.exit(Duration.ofSeconds(20)));
      assertTrue(
          empty
              .printed()
              .contains(
                  "nightshift worker: there are no handlers in "
                      + none
                      + ": put a handler JAR there, name another folder with --handlers, or start"
                      + " with --allow-empty"),
          empty.printed());

      WorkerProcess lonely =
          fleet.launchWorker(
              "--bootstrap-server=localhost:1",
              "--command-property=default.api.timeout.ms=2000",
              "--command-property=request.timeout.ms=1000");
      assertEquals(69, lonely.exit(Duration.ofSeconds(60)), lonely.printed());
      assertTrue(lonely.printed().contains("localhost:1"), lonely.printed());

      WorkerProcess allowed = fleet.startWorker("--handlers=" + none, "--allow-empty");
      allowed.terminate();
      assertEquals(0, allowed.exit(Duration.ofSeconds(20)));
    }
  }

  @Test
  void wrongOptionsAreSaidAllAtOnce(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess worker =
          fleet.launchWorker("--concurrency=0", "--grace=0s", "--retry-delays=1s,2s,3s,4s,5s");
      assertEquals(2, worker.exit(Duration.ofSeconds(20)));
      assertEquals(
          """
          nightshift worker: 3 problems:
          - concurrency 0 is not allowed: 1 to 100,000 handlers at once
          - grace period 0s is not allowed: 1s to 24h
          - 5 retry delays are not allowed: 1 to 4, as an event has 5 attempts in all
          How it is used: nightshift worker --help
          """,
          worker.printed());
    }
  }

  @Test
  void whatEndsItLaterIsOneMessage(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess first = fleet.startWorker("--command-property=group.instance.id=same");
      fleet.launchWorker("--command-property=group.instance.id=same");
      assertEquals(1, first.exit(Duration.ofSeconds(30)), first.printed());
      assertTrue(
          first.printed().contains("Give each worker a group.instance.id of its own, or none"),
          first.printed());
      assertFalse(first.printed().contains("\tat "), first.printed());
    }
  }

  @Test
  void aSecondOrderToStopIsObeyedAtOnce(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      WorkerProcess worker = fleet.startWorker();
      fleet.emit("long", "until go");
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("long").size() == 1);
      worker.terminate();
      fleet.await(
          "it drains",
          Duration.ofSeconds(10),
          () -> worker.printed().contains("Draining[running=1"));
      // One that comes at once counts as the first.
      fleet.await(
          "it ends",
          Duration.ofSeconds(8),
          () -> {
            worker.terminate();
            return !worker.alive();
          });
      assertEquals(6, worker.exit(Duration.ofSeconds(1)));
    }
  }
}
