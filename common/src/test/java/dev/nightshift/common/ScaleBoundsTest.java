package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScaleBoundsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void all_that_is_not_allowed_is_said_at_once() {
    assertEquals(
        """
        min -1 is not allowed: 0 to 10,000 workers
        max 0 is not allowed: 1 to 10,000 workers; to stop all work pause it with: nightshift queue pause '*'
        target 1s is not allowed: 5s to 24h\
        """,
        assertThrows(
                IllegalArgumentException.class, () -> new ScaleBounds(-1, 0, Duration.ofSeconds(1)))
            .getMessage());
    assertEquals(
        "min 5 is not allowed with max 4: at most as many",
        assertThrows(IllegalArgumentException.class, () -> new ScaleBounds(5, 4, MINUTE))
            .getMessage());
  }

  @Test
  void bounds_are_said_in_words() {
    assertEquals("0 to 10000 workers, target 1m", new ScaleBounds(0, 10_000, MINUTE).text());
    assertEquals("1 to 16 workers, target 1m", ScaleBounds.DEFAULT.text());
    assertEquals("0 to 1 worker, target 1m", new ScaleBounds(0, 1, MINUTE).text());
    assertEquals("exactly 1 worker, target 1m", new ScaleBounds(1, 1, MINUTE).text());
    assertEquals("exactly 3 workers, target 1m", new ScaleBounds(3, 3, MINUTE).text());
  }
}
