package dev.nightshift.common.dead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PaceTest {
  @Test
  void it_is_read_as_people_write_it() {
    assertEquals(new Pace(50, Duration.ofSeconds(1)), Pace.parse("50/s"));
    assertEquals(new Pace(600, Duration.ofMinutes(1)), Pace.parse("600/m"));
    assertEquals(new Pace(1, Duration.ofHours(1)), Pace.parse("1/h"));
    for (String text : List.of("", "0/s", "50", "50/d", "-1/s", "1.5/s", "/s")) {
      assertEquals(
          "'"
              + text
              + "' is no rate: write a whole number for each second, minute or hour, such as 50/s,"
              + " 600/m or 1000/h",
          assertThrows(IllegalArgumentException.class, () -> Pace.parse(text)).getMessage());
    }
  }

  @Test
  void never_more_go_than_it_says_and_all_go_in_time() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Pace pace = new Pace(1 + random.nextInt(2_000), Duration.ofSeconds(1));
      long gone = 0;
      Duration elapsed = Duration.ZERO;
      int step = Math.max(1, pace.count() / 10);
      for (int i = 0; i < 200; i++) {
        int due = pace.due(elapsed, gone);
        assertTrue(due <= pace.count(), "seed " + seed);
        gone += due;
        assertTrue(gone <= step + elapsed.toMillis() * pace.count() / 1000, "seed " + seed);
        elapsed = elapsed.plusMillis(random.nextInt(100));
      }
      assertTrue(
          gone + 2L * step + pace.count() / 10 >= elapsed.toMillis() * pace.count() / 1000,
          "seed " + seed + ": " + gone);
    }
  }

  @Test
  void slow_ones_go_one_at_a_time() {
    Pace pace = Pace.parse("2/m");
    assertEquals(1, pace.due(Duration.ZERO, 0));
    assertEquals(0, pace.due(Duration.ofSeconds(29), 1));
    assertEquals(1, pace.due(Duration.ofSeconds(30), 1));
    assertEquals(1, pace.due(Duration.ofHours(1), 1));
  }
}
