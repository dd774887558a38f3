package dev.nightshift.scheduler.internal.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PartitionRuleTest {
  private static final Canvas SHOP = new Canvas("shop", 1, "events.shop", "workers", false);
  private static final ScaleBounds BOUNDS = new ScaleBounds(1, 40, Duration.ofSeconds(60));
  private static final OptionalDouble HUNDRED = OptionalDouble.of(100);

  private final PartitionRule rule = new PartitionRule(24);

  private static CanvasLoad load(long waiting, int oldest, double arrivals) {
    return new CanvasLoad(SHOP, waiting, Duration.ofSeconds(oldest), arrivals, 6);
  }

  @Test
  void as_many_as_workers_that_have_done_what_waits_within_the_target() {
    assertEquals(OptionalInt.of(10), rule.wanted(load(30_000, 20, 500), HUNDRED, BOUNDS));
  }

  @Test
  void none_where_there_are_enough() {
    assertEquals(OptionalInt.empty(), rule.wanted(load(6_000, 20, 500), HUNDRED, BOUNDS));
    assertEquals(OptionalInt.empty(), rule.wanted(load(0, 0, 5_000), HUNDRED, BOUNDS));
  }

  @Test
  void none_for_what_has_not_waited_long_or_while_it_is_not_known_what_a_worker_drains() {
    assertEquals(OptionalInt.empty(), rule.wanted(load(30_000, 10, 500), HUNDRED, BOUNDS));
    assertEquals(
        OptionalInt.empty(), rule.wanted(load(30_000, 20, 500), OptionalDouble.empty(), BOUNDS));
    assertEquals(
        OptionalInt.empty(), rule.wanted(load(30_000, 20, 500), OptionalDouble.of(0.01), BOUNDS));
  }

  @Test
  void no_more_than_is_allowed_or_than_workers_are() {
    assertEquals(OptionalInt.of(24), rule.wanted(load(900_000, 20, 500), HUNDRED, BOUNDS));
    assertEquals(
        OptionalInt.of(8),
        rule.wanted(
            load(900_000, 20, 500), HUNDRED, new ScaleBounds(1, 8, Duration.ofSeconds(60))));
    assertEquals(
        OptionalInt.empty(), new PartitionRule(0).wanted(load(900_000, 20, 500), HUNDRED, BOUNDS));
  }
}
