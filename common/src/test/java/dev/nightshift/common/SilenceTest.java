package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private final Silence silence = new Silence(Duration.ofNanos(10));

  @Test
  void waits_in_which_nothing_came_add_up() {
    assertFalse(silence.isTooLong(50, 100));
    assertFalse(silence.isTooLong(5, 100));
    assertFalse(silence.isTooLong(5, 100));
    assertTrue(silence.isTooLong(1, 100));
  }

  @Test
  void whatever_came_begins_a_new_silence_and_more_to_read_does_not() {
    assertFalse(silence.isTooLong(9, 100));
    assertFalse(silence.isTooLong(9, 100));
    assertFalse(silence.isTooLong(9, 99));
    assertFalse(silence.isTooLong(9, 200));
    assertTrue(silence.isTooLong(9, 150));
  }
}
