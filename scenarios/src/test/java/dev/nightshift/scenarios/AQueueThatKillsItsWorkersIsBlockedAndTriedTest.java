package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Breaker;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.Flag;
import dev.nightshift.common.Scope;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AQueueThatKillsItsWorkersIsBlockedAndTriedTest {
  private static final String POISONED = "urgent";
  private static final String SCRIPT = "halt-unless mended";
  private static final Scope SCOPE = Scope.queue(ScenarioFleet.CANVAS, POISONED);
  private static final Duration BLOCK = Duration.ofSeconds(4);
  private static final Duration DEATHS_MAX = Duration.ofSeconds(120);
  private static final int WORKERS = 2;
  private static final List<String> EVENTS = List.of("k1", "k2", "k3", "late1", "late2");

  @Test
  void andOthersGoOn(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      try (Operator operator = new Operator(fleet)) {
        operator
            .fleet()
            .breakers()
            .set(
                new Breaker(
                    ScenarioFleet.CANVAS, 1, POISONED, true, 3, Duration.ofMinutes(10), BLOCK),
                Operator.CAUSE);
        for (String id : List.of("k1", "k2", "k3")) {
          fleet.emitTo(ScenarioFleet.CANVAS, POISONED, id, SCRIPT);
        }
        Flag block = awaitBlock(fleet, operator, Instant.MIN);
        assertEquals("nightshift", block.actor());
        assertEquals(
            "3 different events killed the process within 10m: k1, k2, k3; then one is tried",
            block.reason().replaceAll("(k[123])(, k[123]){2}", "k1, k2, k3"));
        fleet.emitTo(ScenarioFleet.CANVAS, POISONED, "late1", SCRIPT);
        fleet.emitTo(ScenarioFleet.CANVAS, POISONED, "late2", SCRIPT);
        fleet.emit("other", "return");

        Flag again = awaitBlock(fleet, operator, block.until().orElseThrow());
        Instant over = block.until().orElseThrow();
        assertEquals(0, starts(fleet, block.setAt().plusSeconds(1), over), "it is blocked");
        assertEquals(1, starts(fleet, over, again.setAt()), "one is tried");
        assertEquals("completed", fleet.outcomes().get("other"), "another queue went on");
        assertEquals(again.setAt().plus(BLOCK).plus(BLOCK), again.until().orElseThrow());

        fleet.release("mended");
        fleet.await(
            "all have ended, and the block is lifted",
            DEATHS_MAX,
            () -> {
              fleet.restartTheDead(WORKERS);
              return fleet.outcomes().keySet().containsAll(EVENTS) && trip(operator).isEmpty();
            });
        checkEnds(fleet);
        List<String> done = operator.done(SCOPE).stream().distinct().toList();
        assertEquals(List.of("queue breaker", "queue block", "queue unblock"), done);
      }
    }
  }

  // Retries are quick here: one that ran alone may use up its attempts before the others do so.
  private static void checkEnds(ScenarioFleet fleet) {
    Map<String, String> outcomes = fleet.outcomes();
    for (String id : EVENTS) {
      String outcome = outcomes.get(id);
      assertTrue(
          "completed".equals(outcome) || (id.startsWith("k") && "exhausted".equals(outcome)),
          () -> id + " is " + outcome);
    }
  }

  private static long starts(ScenarioFleet fleet, Instant from, Instant to) {
    return EVENTS.stream()
        .flatMap(id -> fleet.starts(id).stream())
        .filter(start -> !start.at().isBefore(from) && start.at().isBefore(to))
        .count();
  }

  private static Flag awaitBlock(ScenarioFleet fleet, Operator operator, Instant after) {
    fleet.await(
        "the queue is blocked after " + after,
        DEATHS_MAX,
        () -> {
          fleet.restartTheDead(WORKERS);
          return trip(operator).filter(flag -> flag.setAt().isAfter(after)).isPresent();
        });
    return trip(operator).orElseThrow();
  }

  private static Optional<Flag> trip(Operator operator) {
    Canvas canvas = operator.fleet().view().canvas(ScenarioFleet.CANVAS).orElseThrow();
    return operator.fleet().latest().breakers().trip(canvas, POISONED);
  }
}
