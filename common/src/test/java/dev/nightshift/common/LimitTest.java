package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LimitTest {
  /// The parts of a lane's partitions make up the limit, and each that is used has one. A test's
  /// name is its seed.
  @TestFactory
  Stream<DynamicTest> the_parts_of_a_lane_make_up_the_limit() {
    return LongStream.range(0, 100)
        .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> parts(new Random(seed))));
  }

  private static void parts(Random random) {
    Lane lane = new Lane("shop", 1, "mail", "t", 1 + random.nextInt(40));
    Optional<Integer> concurrency =
        random.nextInt(4) == 0 ? Optional.empty() : Optional.of(1 + random.nextInt(100));
    Optional<Double> perSecond =
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(random.nextInt(2) == 0 ? 0.01 + random.nextDouble() : 1_000.0);
    Limit limit = limit(concurrency, perSecond);
    int partitions = limit.partitions(lane);
    assertTrue(partitions >= 1 && partitions <= lane.partitions());
    int handlers = 0;
    double starts = 0;
    for (int i = 0; i < lane.partitions(); i++) {
      int part = limit.concurrency(lane, i).orElse(1);
      assertEquals(concurrency.isPresent() ? i < partitions : true, part > 0);
      handlers += part;
      double rate = limit.perSecond(lane, i).orElse(1.0);
      assertEquals(perSecond.isPresent() ? i < partitions : true, rate > 0);
      starts += rate;
    }
    if (concurrency.isPresent()) {
      assertEquals(concurrency.get(), handlers);
    }
    if (perSecond.isPresent()) {
      assertEquals(perSecond.get(), starts, 1e-6);
    }
  }

  @Test
  void what_is_not_limited_and_what_is() {
    assertTrue(limit(Optional.empty(), Optional.empty()).none());
    assertEquals("none", limit(Optional.empty(), Optional.empty()).text());
    Limit all =
        new Limit(
            "shop",
            1,
            "mail",
            Optional.of(4),
            Optional.of(10.0),
            Optional.of(Duration.ofSeconds(30)));
    assertEquals("concurrency 4, 10/s, timeout 30s", all.text());
    assertEquals("0.5/s", limit(Optional.empty(), Optional.of(0.5)).text());
  }

  @Test
  void nothing_at_all_is_a_pause_and_no_limit() {
    String refused =
        assertThrows(IllegalArgumentException.class, () -> limit(Optional.of(0), Optional.empty()))
            .getMessage();
    assertEquals(
        "concurrency 0 is not allowed: a whole number from 1; to stop a queue pause it", refused);
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(
          IllegalArgumentException.class, () -> limit(Optional.empty(), Optional.of(rate)));
    }
  }

  private static Limit limit(Optional<Integer> concurrency, Optional<Double> perSecond) {
    return new Limit("shop", 1, "mail", concurrency, perSecond, Optional.empty());
  }
}
