package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final Share.Others NOBODY = new Share.Others(false, false);

  private final Slots slots = new Slots(10_000, 1 << 30);
  private int started;

  @Test
  void ofManySlotsNoMoreAreLeftFreeThanNewcomersNeedToBegin() {
    assertEquals(9_936, fill("a", "x"), "32 for other canvases, 32 for other queues");
    assertEquals(31, fill("a", "y"));
    assertEquals(1, fill("a", "z"));
    assertEquals(31, fill("b", "x"));
    assertEquals(1, fill("c", "x"));
    assertEquals(0, slots.free());
  }

  @Test
  void whatHasNoHandlerAnyMoreStillTakesMemory() {
    Slots small = new Slots(100, 3 * Events.of("a", "x", 0).bytes());
    Waiting first = Events.of("a", "x", 1);
    Waiting second = Events.of("a", "x", 2);
    small.started(first);
    small.started(second);
    small.ended(first);
    small.ended(second);
    assertEquals(0, small.used());
    Waiting third = Events.of("a", "x", 3);
    small.started(third);
    assertFalse(small.mayStart("b", "x", NOBODY), "all of the memory is taken");
    small.letGo(first);
    assertTrue(small.mayStart("b", "x", NOBODY));
  }

  @Test
  void whatWasNotTakenIsNotGivenBack() {
    Waiting event = Events.of("a", "x", 7);
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> slots.ended(event));
    assertEquals(
        "event " + event.event().id() + " of a/x gives back what it did not take", e.getMessage());
  }

  private int fill(String canvas, String queue) {
    int before = started;
    while (slots.mayStart(canvas, queue, NOBODY)) {
      slots.started(Events.of(canvas, queue, started++));
    }
    return started - before;
  }
}
