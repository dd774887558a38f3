package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryPlanTest {
  private final RetryPlan plan =
      new RetryPlan(
          5,
          List.of(
              Duration.ZERO, Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5)));

  @Test
  void theFirstLossIsRetriedAtOnceLaterOnesLater() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertEquals(now, plan.notBefore(plan.tierAfterLoss(1), now));
    assertEquals(now.plusSeconds(10), plan.notBefore(plan.tierAfterLoss(2), now));
    assertEquals(now.plusSeconds(60), plan.notBefore(plan.tierAfterLoss(3), now));
    assertEquals(now.plusSeconds(300), plan.notBefore(plan.tierAfterLoss(4), now));
    assertEquals(now, plan.notBefore(plan.tierAfterHandBack(), now));
  }

  @Test
  void aHandBackWaitsForNothingEvenIfTheFirstLossDoes() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    RetryPlan waits = new RetryPlan(5, List.of(Duration.ofMinutes(1), Duration.ofMinutes(2)));
    assertEquals(now, waits.notBefore(waits.tierAfterHandBack(), now));
    assertEquals(now.plusSeconds(60), waits.notBefore(waits.tierAfterLoss(1), now));
    assertEquals(now.plusSeconds(120), waits.notBefore(waits.tierAfterLoss(2), now));
    assertEquals(now.plusSeconds(120), waits.notBefore(waits.tierAfterLoss(4), now));
    // It stands behind no loss: the tiers share no partition.
    for (long salt = 0; salt < 50; salt++) {
      assertEquals(0, waits.partition(waits.tierAfterHandBack(), 8, salt) % 3);
      assertEquals(1, waits.partition(waits.tierAfterLoss(1), 8, salt) % 3);
    }
  }

  @Test
  void theFifthLossIsTheLast() {
    assertFalse(plan.exhausted(4));
    assertTrue(plan.exhausted(5));
    assertTrue(plan.exhausted(6));
  }

  @Test
  void eachPartitionHoldsOneTierAndAllAreUsed() {
    for (int partitions = 4; partitions < 20; partitions++) {
      Set<Integer> used = new HashSet<>();
      for (int tier = 0; tier < 4; tier++) {
        for (long salt = -50; salt < 50; salt++) {
          int partition = plan.partition(tier, partitions, salt);
          assertEquals(tier, partition % 4);
          used.add(partition);
        }
      }
      assertEquals(partitions, used.size());
    }
  }

  @Test
  void fewerPartitionsThanTiersStillWork() {
    for (int tier = 0; tier < 4; tier++) {
      int partition = plan.partition(tier, 1, 7);
      assertEquals(0, partition);
    }
  }

  @Test
  void aPlanWithoutAttemptsIsRefused() {
    assertEquals(
        "at least one attempt and one delay are needed, not 0 and [PT0S]",
        assertThrows(IllegalArgumentException.class, () -> new RetryPlan(0, List.of(Duration.ZERO)))
            .getMessage());
  }
}
