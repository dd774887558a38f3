package dev.nightshift.cli.internal.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.ScaleBounds;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FleetSizeTest {
  private static final Instant NOW = Instant.parse("2026-11-26T09:00:00Z");

  private final FleetSize size = new FleetSize(2, 8);

  @Test
  void it_begins_with_the_fewest_and_says_once_that_no_scheduler_decides() {
    assertEquals(2, size.workers());
    assertHears(
        "no scheduler has said yet how many workers are wanted: 2 run until one does. See which run"
            + " with: nightshift scale",
        Optional.empty());
    assertSilent(Optional.empty());
    assertEquals(2, size.workers());
  }

  @Test
  void it_follows_each_change_and_says_it_once() {
    assertHears("the scheduler wants 4 workers: because of 4", wants(4, NOW));
    assertEquals(4, size.workers());
    assertSilent(wants(4, NOW));
    assertHears("the scheduler wants 3 workers: because of 3", wants(3, NOW));
    assertEquals(3, size.workers());
  }

  @Test
  void it_keeps_within_its_bounds() {
    assertHears(
        "the scheduler wants 12 workers and gets 8 here (--max): because of 12", wants(12, NOW));
    assertEquals(8, size.workers());
    assertSilent(wants(9, NOW));
    assertHears(
        "the scheduler wants 1 worker and gets 2 here (--min): because of 1", wants(1, NOW));
    assertEquals(2, size.workers());
  }

  @Test
  void it_stays_as_it_is_while_no_scheduler_decides() {
    size.hear(wants(5, NOW), Optional.empty(), NOW);
    Optional<ScaleDecision> old = wants(5, NOW.minus(ScaleDecision.FRESH_MAX).minusMillis(1));
    assertHears(
        "no scheduler has said for 30s how many workers are wanted: 5 run until one does. See which"
            + " run with: nightshift scale",
        old);
    assertEquals(5, size.workers());
    assertSilent(old);
    assertHears("the scheduler wants 5 workers: because of 5", wants(5, NOW));
    assertSilent(wants(5, NOW.minus(ScaleDecision.FRESH_MAX)));
  }

  @Test
  void it_says_why_it_hears_nothing_if_that_is_known() {
    size.hear(wants(3, NOW), Optional.empty(), NOW);
    assertEquals(
        Optional.of(
            "no scheduler has said for 30s how many workers are wanted, or it was not heard (no"
                + " broker answers): 3 run until one does. See which run with: nightshift scale"),
        size.hear(wants(3, NOW), Optional.of("no broker answers"), NOW.plusSeconds(31)));
  }

  @Test
  void what_was_decided_long_before_it_began_does_not_count() {
    assertHears(
        "no scheduler has said for 30s how many workers are wanted: 1 runs until one does. See which"
            + " run with: nightshift scale",
        new FleetSize(1, 8),
        wants(7, NOW.minusSeconds(3_600)));
    assertEquals(2, size.workers());
  }

  private void assertHears(String says, Optional<ScaleDecision> decision) {
    assertHears(says, size, decision);
  }

  private static void assertHears(String says, FleetSize size, Optional<ScaleDecision> decision) {
    assertEquals(Optional.of(says), size.hear(decision, Optional.empty(), NOW));
  }

  private void assertSilent(Optional<ScaleDecision> decision) {
    assertEquals(Optional.empty(), size.hear(decision, Optional.empty(), NOW));
  }

  private static Optional<ScaleDecision> wants(int workers, Instant at) {
    return Optional.of(
        new ScaleDecision(
            workers,
            1,
            "because of " + workers,
            at,
            ScaleBounds.DEFAULT,
            new ScaleFigures(0, 0, Duration.ZERO, 0, 0, OptionalDouble.empty(), 0),
            "scheduler",
            at));
  }
}
