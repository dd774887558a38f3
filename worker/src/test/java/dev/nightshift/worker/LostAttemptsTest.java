package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.events.WorkerEvent.AttemptLost;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostAttemptsTest {
  private final LostAttempts lost = new LostAttempts();

  @Test
  void attempts_are_summed_up_by_the_worker_they_were_lost_with() {
    assertTrue(lost.add(lost("dev", false)));
    for (int i = 1; i < 1_694; i++) {
      assertFalse(lost.add(lost("dev", false)));
    }
    assertFalse(lost.add(lost("a", false)));
    assertFalse(lost.add(lost("b", false)));
    assertFalse(lost.add(lost("b", true)));
    assertEquals(
        List.of(
            "1 attempt was lost with worker a and is run again",
            "2 attempts were lost with worker b; 1 of them had no attempt left, the rest is run"
                + " again",
            "1,694 attempts were lost with worker dev and are run again"),
        lost.take());
  }

  @Test
  void each_attempt_is_told_once() {
    assertTrue(lost.add(lost("dev", false)));
    assertEquals(1, lost.take().size());
    assertEquals(List.of(), lost.take());
    assertTrue(lost.add(lost("dev", true)));
  }

  private static AttemptLost lost(String writer, boolean exhausted) {
    return new AttemptLost("shop", "mail", "e1", 1, exhausted, writer);
  }
}
