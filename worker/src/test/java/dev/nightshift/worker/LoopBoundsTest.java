package dev.nightshift.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoopBoundsTest {
  @Test
  void events_take_half_of_a_small_heap_and_256_MiB_of_a_large_one() {
    assertEquals(32L << 20, LoopBounds.waitingBytesMax(128L << 20));
    assertEquals(64L << 20, LoopBounds.waitingBytesMax(256L << 20));
    assertEquals(128L << 20, LoopBounds.waitingBytesMax(512L << 20));
    assertEquals(128L << 20, LoopBounds.waitingBytesMax(8L << 30));
  }
}
