package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class PollBudgetTest {
  @Test
  void what_exceeds_one_poll_is_taken_by_the_next() {
    PollBudget budget = PollBudget.ofHeap(64 * 10);
    budget.refill();
    assertEquals(6, taken(budget, 6));
    assertEquals(6, taken(budget, 6), "the last one may exceed it");
    SerializationException refused =
        assertThrows(SerializationException.class, () -> taken(budget, 1));
    assertTrue(budget.spent());
    assertEquals("this poll has brought enough; the next one goes on here", refused.getMessage());
    budget.refill();
    assertEquals(100, taken(budget, 100), "the first one is always taken");
    assertFalse(budget.spent());
  }

  private static int taken(PollBudget budget, int bytes) {
    return Objects.requireNonNull(budget.deserialize("t", new byte[bytes])).length;
  }
}
