package dev.nightshift.common.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private final Ledger ledger = Ledger.empty(Uuid.randomUuid(), 1_000);

  @Test
  void theBaseStaysBeforeTheFirstEventThatIsNotCompleted() {
    receive(1_000, 1_003);
    ledger.claim(1_000);
    ledger.claim(1_001);
    ledger.complete(1_001);
    assertEquals(1_000, ledger.base());

    ledger.complete(1_000);
    assertEquals(1_002, ledger.base());
  }

  @Test
  void theBaseStepsOverOffsetsThatDoNotExist() {
    ledger.receive(1_000);
    ledger.receive(1_700);
    ledger.complete(1_000);
    assertEquals(1_700, ledger.base());
    assertEquals(Mark.COMPLETED, ledger.mark(1_300));
  }

  @Test
  void aHandlerThatHangsWhileMillionsPassItCostsOnePage() {
    receive(1_000, 1_001);
    ledger.claim(1_000);
    for (long offset = 1_001; offset < 5_001_000; offset++) {
      ledger.receive(offset);
      ledger.claim(offset);
      ledger.complete(offset);
    }
    assertEquals(1_000, ledger.base());
    assertEquals(1, ledger.pages().size());
    assertTrue(ledger.cost() < 100, () -> "cost is " + ledger.cost());
  }

  @Test
  void marksChangeOnlyAsTheirTableSays() {
    receive(1_000, 1_002);
    assertEquals(
        "offset 1000 is UNTOUCHED, cannot become UNTOUCHED",
        assertThrows(IllegalStateException.class, () -> ledger.release(1_000)).getMessage());
    assertThrows(IllegalStateException.class, () -> ledger.handBack(1_000));
    assertThrows(IllegalStateException.class, () -> ledger.claim(1_002));
    assertThrows(IllegalStateException.class, () -> ledger.complete(1_002));
    assertThrows(IllegalStateException.class, () -> ledger.receive(1_001));
    ledger.claim(1_000);
    assertThrows(IllegalStateException.class, () -> ledger.claim(1_000));
    ledger.release(1_000);
    ledger.claim(1_000);
    ledger.handBack(1_000);
    assertEquals(Mark.HANDED_BACK, ledger.mark(1_000));
    ledger.complete(1_000);
    ledger.complete(1_000);
    assertThrows(IllegalStateException.class, () -> ledger.claim(1_000));
  }

  @Test
  void theFirstOpenOffsetIsFoundBehindCompletedOnes() {
    receive(1_000, 2_000);
    for (long offset = 1_001; offset < 1_999; offset++) {
      ledger.complete(offset);
    }
    assertEquals(1_000, ledger.firstOpen(1_000).orElseThrow());
    assertEquals(1_999, ledger.firstOpen(1_001).orElseThrow());
    ledger.complete(1_999);
    assertFalse(ledger.firstOpen(1_001).isPresent());
  }

  private void receive(long from, long to) {
    for (long offset = from; offset < to; offset++) {
      ledger.receive(offset);
    }
  }

  @Test
  void whoWroteItIsToldFromAnotherWhoseNameBeginsAlike() {
    assertTrue(LedgerCodec.isWriter("f-1", "f-1"));
    assertFalse(LedgerCodec.isWriter("f-1", "f-10"));
    String name = "w".repeat(59);
    assertTrue(LedgerCodec.isWriter(name + "-", name + "-1"), "long names are cut");
    assertFalse(LedgerCodec.isWriter(name, name + "-1"));
  }
}
