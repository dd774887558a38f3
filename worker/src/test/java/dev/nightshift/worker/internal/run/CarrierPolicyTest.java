package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CarrierPolicyTest {
  private final CarrierPolicy policy = new CarrierPolicy(2, 64);

  @Test
  void starving_doubles_them_up_to_the_bound() {
    int[] expected = {4, 8, 16, 32, 64, 64};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], policy.late(0, seconds(i)));
    }
  }

  @Test
  void a_calm_while_takes_them_back() {
    policy.late(0, seconds(0));
    policy.late(0, seconds(1));
    assertEquals(8, policy.ran(seconds(5)));
    assertEquals(2, policy.ran(seconds(6)));
    assertEquals(2, policy.ran(seconds(7)));
  }

  @Test
  void starving_again_soon_brings_as_many_as_before_for_twice_as_long() {
    policy.late(0, seconds(0));
    policy.late(0, seconds(0));
    assertEquals(2, policy.ran(seconds(5)));
    assertEquals(8, policy.late(0, seconds(6)));
    assertEquals(8, policy.ran(seconds(15)));
    assertEquals(2, policy.ran(seconds(16)));
    assertEquals(8, policy.late(0, seconds(17)));
    assertEquals(8, policy.ran(seconds(36)));
    assertEquals(2, policy.ran(seconds(37)));
  }

  @Test
  void starving_much_later_starts_anew() {
    policy.late(0, seconds(0));
    policy.late(0, seconds(0));
    assertEquals(2, policy.ran(seconds(5)));
    assertEquals(4, policy.late(0, seconds(100)));
    assertEquals(2, policy.ran(seconds(105)));
  }

  @Test
  void more_than_the_bound_at_first_are_left_alone() {
    CarrierPolicy many = new CarrierPolicy(128, 64);
    assertEquals(128, many.late(0, 0));
    assertEquals(128, many.ran(seconds(10)));
  }

  @Test
  void carriers_that_end_many_attempts_are_enough() {
    assertEquals(2, policy.late(20, seconds(0)));
    assertEquals(4, policy.late(19, seconds(1)));
    assertEquals(4, policy.late(40, seconds(2)));
  }

  private static long seconds(long seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
