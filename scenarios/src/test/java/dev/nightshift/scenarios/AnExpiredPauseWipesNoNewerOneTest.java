package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagChange;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnExpiredPauseWipesNoNewerOneTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration PAUSED_FOR = Duration.ofMillis(400);

  // How long before a pause ends the next one is ordered, in milliseconds.
  private static final List<Integer> BEFORE_END = List.of(60, 30, 15, 8, 4, 2, 1, 0, -1, -3, -20);

  /// A pause ends by itself at the moment at which a new one is set, a little earlier or later.
  /// From when the workers act by the new one, nothing starts.
  @Test
  void whenTheyMeet(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(1);
      fleet.startWorker();
      fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "warm-up", "return");
      fleet.await("it ran", SOON, () -> fleet.ends("warm-up").size() == 1);
      try (Operator operator = new Operator(fleet)) {
        int rounds = 0;
        for (int before : BEFORE_END) {
          Instant end = Instant.now().plus(PAUSED_FOR);
          operator.raise(FlagKind.PAUSE, QUEUE, end);
          operator.awaitActedBy();
          String early = "early" + rounds;
          fleet.emit(early, "return");
          waitUntil(end.minusMillis(before));
          FlagChange change = operator.raise(FlagKind.PAUSE, QUEUE);
          boolean inTime = Instant.now().isBefore(end);
          assertTrue(change.changed());
          operator.awaitActedBy();
          waitUntil(end.plusMillis(1));
          String late = "late" + rounds++;
          fleet.emit(late, "return");
          witness(fleet, "witness" + rounds);
          assertEquals(List.of(), fleet.starts(late));
          assertEquals(change.after(), pauses(operator));
          if (inTime) {
            assertEquals(List.of(), fleet.starts(early), "it was paused all the time");
          }
          operator.lift(FlagKind.PAUSE, QUEUE);
          fleet.await("both run", SOON, () -> ended(fleet, early) && ended(fleet, late));
        }
      }
      assertEquals(1 + 3 * BEFORE_END.size(), fleet.traces().size());
    }
  }

  /// Somebody lifts a pause. Before that is written the pause ends by itself and another one is
  /// set; what is written late leaves that alone, for workers that run and for one that comes.
  @Test
  void whenTheOldOneIsLiftedLate(@TempDir Path folder) {
    try (RequestGate gate = new RequestGate();
        ScenarioFleet fleet = new ScenarioFleet(folder, gate.startKafka())) {
      fleet.createCanvas(1);
      fleet.startWorker();
      Map<String, Object> slow =
          Map.of("bootstrap.servers", fleet.bootstrapServers(), "client.id", "slow");
      try (Operator operator = new Operator(fleet);
          Fleet late = Fleet.of(slow, ScenarioFleet.PLAN, SOON)) {
        Instant end = Instant.now().plusSeconds(2);
        List<Flag> old = operator.raise(FlagKind.PAUSE, QUEUE, end).after();
        RequestGate.Hold write = gate.hold(ApiKeys.PRODUCE, "slow");
        CompletableFuture<FlagChange> lift =
            CompletableFuture.supplyAsync(() -> late.lift(FlagKind.PAUSE, QUEUE, Operator.CAUSE));
        write.await();
        waitUntil(end);
        List<Flag> newer = operator.raise(FlagKind.PAUSE, QUEUE).after();
        write.release();
        assertEquals(new FlagChange(true, old, List.of()), lift.join());

        assertEquals(newer, pauses(operator));
        operator.awaitActedBy();
        fleet.emitMany("e", 5, "return");
        QueueDepth inLane = new QueueDepth(0, 5, 0, 0, Optional.empty());
        operator.awaitDepth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE, () -> inLane);
        fleet.worker("worker-1").terminate();
        fleet.worker("worker-1").exit(SOON);
        fleet.startWorker();
        witness(fleet, "witness");
        assertEquals(1, fleet.traceCount(), "nothing of the paused queue has run");
        operator.lift(FlagKind.PAUSE, QUEUE);
        fleet.await("they run", SOON, () -> fleet.outcomes().size() == 1 + 5);
      }
    }
  }

  private static List<Flag> pauses(Operator operator) {
    return operator.fleet().view().flags().exactly(FlagKind.PAUSE, QUEUE, 1, Instant.now());
  }

  private static void waitUntil(Instant at) {
    for (Duration left = Duration.between(Instant.now(), at);
        left.isPositive();
        left = Duration.between(Instant.now(), at)) {
      LockSupport.parkNanos(left.toNanos());
    }
  }

  // Comes after what was emitted before, on the same partition, and may start.
  private static void witness(ScenarioFleet fleet, String id) {
    fleet.emitTo(ScenarioFleet.CANVAS, "urgent", id, "return");
    fleet.await(id + " has ended", SOON, () -> fleet.outcomes().containsKey(id));
  }

  private static boolean ended(ScenarioFleet fleet, String id) {
    return fleet.ends(id).size() == 1;
  }
}
