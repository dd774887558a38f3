package dev.nightshift.scheduler.internal.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private static final long BEGIN = -5; // A monotonic clock may be negative.

  private final Trouble trouble = new Trouble(BEGIN);

  private static long after(Duration time) {
    return BEGIN + time.toNanos();
  }

  @Test
  void pauses_double_up_to_a_second_and_begin_anew_after_a_success() {
    assertEquals(0, trouble.leftNanos(BEGIN));
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      trouble.failed(BEGIN);
      pauses.add(Duration.ofNanos(trouble.leftNanos(BEGIN)).toMillis());
    }
    assertEquals(List.of(20L, 40L, 80L, 160L, 320L, 640L, 1_000L, 1_000L), pauses);

    trouble.passed(BEGIN);
    trouble.failed(BEGIN);
    assertEquals(Duration.ofMillis(20).toNanos(), trouble.leftNanos(BEGIN));
  }

  @Test
  void what_ends_within_two_seconds_is_not_told() {
    assertFalse(trouble.failed(BEGIN));
    assertFalse(trouble.failed(after(Duration.ofMillis(1_999))));
    assertEquals(Optional.empty(), trouble.passed(after(Duration.ofSeconds(3))));
  }

  @Test
  void what_lasts_is_told_once_and_its_end_as_well() {
    trouble.failed(BEGIN);
    assertTrue(trouble.failed(after(Duration.ofSeconds(2))));
    assertFalse(trouble.failed(after(Duration.ofSeconds(3))));
    assertEquals(Optional.of(Duration.ofSeconds(4)), trouble.passed(after(Duration.ofSeconds(4))));
    assertEquals(Optional.empty(), trouble.passed(after(Duration.ofSeconds(5))));
    assertFalse(trouble.failed(after(Duration.ofSeconds(6))), "it begins anew");
  }
}
