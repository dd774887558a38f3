package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoopBoundsTest {
  @Test
  void events_take_an_eighth_of_a_small_heap_and_256_MiB_of_a_large_one() {
    assertEquals(8L << 20, LoopBounds.waitingBytesMax(128L << 20));
    assertEquals(16L << 20, LoopBounds.waitingBytesMax(256L << 20));
    assertEquals(128L << 20, LoopBounds.waitingBytesMax(2L << 30));
    assertEquals(128L << 20, LoopBounds.waitingBytesMax(8L << 30));
  }
}
