package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.QueueDepth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AFlagSetWhileAClaimIsWrittenStopsItsStartTest {
  private static final Scope QUEUE = Scope.queue(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE);
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String FOLLOWERS = "followers";
  private static final int EVENTS = 5;

  /// The worker has claimed events, and its write of the claims is under way: the request is held
  /// back before the broker. The flag is set, the worker reads it, the claims are written: nothing
  /// of them starts, and nothing is charged.
  @ParameterizedTest
  @EnumSource
  void nothingStartsAndNothingIsCharged(FlagKind kind, @TempDir Path folder) {
    try (RequestGate gate = new RequestGate();
        ScenarioFleet fleet = new ScenarioFleet(folder, gate.startKafka())) {
      fleet.createCanvas(1);
      WorkerProcess worker =
          fleet.startWorker(
              "--command-property=session.timeout.ms=20000",
              "--command-property=fetch.max.wait.ms=50",
              "--command-property=client.id=" + FOLLOWERS);
      fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "warm-up", "return");
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      fleet.await(
          "all is settled",
          SOON,
          () -> fleet.traceCount() == 1 && fleet.ledgers().claims(topic) == 0);
      try (Operator operator = new Operator(fleet)) {
        RequestGate.Hold claims = gate.hold(ApiKeys.OFFSET_COMMIT, worker.name());
        fleet.emitMany("e", EVENTS, "return");
        claims.await();
        operator.raise(kind, QUEUE);
        awaitRead(fleet, gate);
        claims.release();
        operator.awaitActedBy();
        QueueDepth inLane = new QueueDepth(0, EVENTS, 0, 0, Optional.empty());
        operator.awaitDepth(ScenarioFleet.CANVAS, ScenarioFleet.QUEUE, () -> inLane);
        assertEquals(1, fleet.traceCount(), "only the warm-up has ended");

        operator.lift(kind, QUEUE);
        fleet.await("all run", SOON, () -> fleet.outcomes().size() == 1 + EVENTS);
      }
      assertEquals(1 + EVENTS, fleet.traces().size());
      assertEquals(1 + EVENTS, fleet.notes().stream().filter(Note::isStart).count());
      fleet.traces().forEach(trace -> assertEquals(1, trace.getAttempt(), trace.getEventId()));
      assertEquals(0, fleet.retries().size());
    }
  }

  // Who follows the control topic has asked for more than twice since: it knows what it got.
  private static void awaitRead(ScenarioFleet fleet, RequestGate gate) {
    Map<Integer, Integer> before = gate.passed(ApiKeys.FETCH, FOLLOWERS);
    fleet.await(
        "the worker has read the flag",
        SOON,
        () -> {
          Map<Integer, Integer> now = gate.passed(ApiKeys.FETCH, FOLLOWERS);
          return before.entrySet().stream()
              .allMatch(each -> now.getOrDefault(each.getKey(), 0) > each.getValue() + 2);
        });
  }
}
