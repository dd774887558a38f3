package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleFigures;
import dev.nightshift.common.scale.ScaleLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `nightshift fleet` with the test in the place of a scheduler.
class AFleetKeepsAsManyWorkersAsAreWantedTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final int MANY = 60;

  @Test
  void andRunsNothingTwice(@TempDir Path folder) throws Exception {
    try (ScenarioFleet scenario = new ScenarioFleet(folder)) {
      scenario.createCanvas(6);
      // Workers are given the same file, in which they know not all.
      Path file = Files.writeString(folder.resolve("settings"), "min=2\nmax=3\ngrace=20s\n");
      try (CommandProcess fleet = FleetProcess.start(scenario, folder, "--config=" + file)) {
        scenario.awaitMembers(2);
        startsOneAgainThatWasKilled(scenario, fleet);
        drainsOneThatIsTooMany(scenario, fleet);
        drainsAllWhenInterrupted(scenario, fleet);
      }
      handsBackWhenInterruptedAgain(scenario, folder);
      Path logs = folder.resolve("logs");
      try (CommandProcess fleet =
          FleetProcess.start(scenario, folder, "--max=1", "--log-dir=" + logs)) {
        scenario.awaitMembers(1);
        List<ProcessHandle> workers = fleet.handle().children().toList();
        assertEquals(1, workers.size());
        fleet.kill();
        awaitGone(scenario, workers);
        String log = Files.readString(logs.resolve("night-1.log"));
        assertTrue(log.contains("worker - worker night-1 runs ["), log);
      }
    }
  }

  private static void startsOneAgainThatWasKilled(ScenarioFleet scenario, CommandProcess fleet) {
    ProcessHandle first = FleetProcess.worker(fleet, 1);
    first.destroyForcibly();
    String died =
        "worker night-1 (process "
            + first.pid()
            + ") was killed by signal 9; another starts in 1s, what it ran is run again. Why it"
            + " ended stands above, perhaps in lines with [night-1]\n";
    awaitSaid(fleet, died);
    String runs = "[night-1] worker - worker night-1 runs [";
    scenario.await(
        "another has taken its place",
        SOON,
        () -> fleet.printed().indexOf(runs) != fleet.printed().lastIndexOf(runs));
  }

  private static void drainsOneThatIsTooMany(ScenarioFleet scenario, CommandProcess fleet)
      throws Exception {
    decide(scenario, 3);
    awaitSaid(fleet, "the scheduler wants 3 workers: as told\n");
    awaitSaid(fleet, "[night-3] worker - worker night-3 runs [");
    assertTrue(fleet.printed().contains("\n  grace=20s (file)\n"), fleet.printed());
    scenario.awaitMembers(3);
    ProcessHandle third = FleetProcess.worker(fleet, 3);
    scenario.emitMany("e", MANY, "until go");
    scenario.await("all run", SOON, () -> scenario.notes().size() == MANY);
    decide(scenario, 1);
    awaitSaid(fleet, "the scheduler wants 1 worker and gets 2 here (--min): as told\n");
    scenario.await(
        "it drains", SOON, () -> fleet.printed().contains("[night-3] worker - Draining["));
    scenario.release("go");
    awaitSaid(fleet, "worker night-3 (process " + third.pid() + ") has drained\n");
    scenario.await("all have ended", SOON, () -> scenario.outcomes().size() == MANY);
    assertEquals(2 * MANY, scenario.notes().size(), "each is started once");
  }

  private static void drainsAllWhenInterrupted(ScenarioFleet scenario, CommandProcess fleet) {
    scenario.emit("last", "until end");
    scenario.await("it runs", SOON, () -> scenario.starts("last").size() == 1);
    List<ProcessHandle> workers = fleet.handle().children().toList();
    fleet.interrupt();
    awaitSaid(fleet, " 2 workers drain\n");
    // As if the whole group had been told to end: to be told twice means no more.
    workers.forEach(ProcessHandle::destroy);
    for (int worker = 1; worker <= 2; worker++) {
      awaitSaid(fleet, "[night-" + worker + "] worker - Draining[");
    }
    scenario.release("end");
    assertEquals(0, fleet.exit(), fleet.printed());
    assertEquals(1, scenario.ends("last").size(), fleet.printed());
    assertTrue(fleet.printed().endsWith(" has ended\n"), fleet.printed());
    awaitGone(scenario, workers);
  }

  private static void handsBackWhenInterruptedAgain(ScenarioFleet scenario, Path folder)
      throws Exception {
    try (CommandProcess fleet = FleetProcess.start(scenario, folder, "--max=1")) {
      scenario.awaitMembers(1);
      scenario.emit("hangs", "until never");
      scenario.await("it runs", SOON, () -> scenario.starts("hangs").size() == 1);
      fleet.interrupt();
      awaitSaid(fleet, " 1 worker drain\n");
      scenario.await(
          "it hands back",
          SOON,
          () -> {
            fleet.interrupt();
            return fleet.printed().contains(" hand back at once\n");
          });
      assertEquals(6, fleet.exit(), fleet.printed());
      assertEquals(0, scenario.ends("hangs").size(), fleet.printed());
    }
    scenario.release("never");
  }

  private static void decide(ScenarioFleet scenario, int workers) throws Exception {
    Instant now = Instant.now();
    ScaleFigures figures = new ScaleFigures(0, 0, Duration.ZERO, 0, 0, OptionalDouble.empty(), 0);
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", scenario.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              ScaleLog.record(
                  ScenarioFleet.PLAN,
                  new ScaleDecision(
                      workers, 2, "as told", now, ScaleBounds.DEFAULT, figures, "test", now)))
          .get();
    }
  }

  private static void awaitSaid(CommandProcess fleet, String text) {
    long end = System.nanoTime() + SOON.toNanos();
    while (!fleet.printed().contains(text)) {
      assertTrue(
          System.nanoTime() < end && fleet.handle().isAlive(),
          () -> "not said: " + text + "\n" + fleet.printed());
      LockSupport.parkNanos(20_000_000);
    }
  }

  private static void awaitGone(ScenarioFleet scenario, List<ProcessHandle> processes) {
    scenario.await(
        "they are gone", SOON, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
  }
}
