package dev.nightshift.scheduler.internal.partition;

import static java.util.Comparator.comparingLong;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RestingTopicsTest {
  private static final long BEGIN = -5; // A monotonic clock may be negative.
  private static final Duration TRY = Duration.ofSeconds(3);

  private final RestingTopics topics = new RestingTopics();

  private static long at(long second) {
    return BEGIN + Duration.ofSeconds(second).toNanos();
  }

  private Duration rest(String topic, Duration took, long second) {
    return topics.failed(topic, took, at(second)).rest();
  }

  @Test
  void one_that_fails_quickly_rests_for_a_second_each_time() {
    for (int second = 0; second < 100; second++) {
      assertEquals(Duration.ofSeconds(1), rest("a", Duration.ofMillis(10), second));
    }
  }

  @Test
  void one_that_fails_slowly_rests_longer_each_time_until_it_takes_a_tenth() {
    List<Long> rests = new ArrayList<>();
    for (int second = 0; second < 600; second += 100) {
      rests.add(rest("a", TRY, second).toSeconds());
    }
    assertEquals(List.of(3L, 6L, 12L, 24L, 27L, 27L), rests);
  }

  @Test
  void several_take_a_tenth_together() {
    for (int topic = 0; topic < 20; topic++) {
      for (int again = 0; again < 10; again++) {
        rest("t" + topic, TRY, 0);
      }
    }
    assertEquals(TRY.multipliedBy(9 * 20), rest("t0", TRY, 0));
  }

  // Each try finds one of them, as their events are written with those of others.
  @Test
  void twenty_that_fail_slowly_leave_most_of_the_time_to_others() {
    long[] until = new long[20];
    long now = 0;
    long free = 0;
    while (now < 20_000) {
      int due = IntStream.range(0, until.length).boxed().min(comparingLong(i -> until[i])).get();
      if (until[due] > now) {
        free += until[due] - now;
        now = until[due];
      } else {
        now += TRY.toSeconds();
        until[due] = now + rest("t" + due, TRY, now).toSeconds();
      }
    }
    assertTrue(free > 15_000, "free for " + free + " of " + now + " s");
  }

  @Test
  void what_lasts_is_told_once_and_its_end_as_well() {
    assertFalse(topics.failed("a", Duration.ZERO, at(0)).tell());
    assertFalse(topics.failed("a", Duration.ZERO, at(1)).tell());
    assertTrue(topics.failed("a", Duration.ZERO, at(2)).tell());
    assertFalse(topics.failed("a", Duration.ZERO, at(3)).tell());
    assertTrue(topics.failed("b", TRY, at(4)).tell(), "each by itself");
    assertEquals(
        Optional.of(new RestingTopics.End("a", Duration.ofSeconds(5))), topics.written("a", at(5)));
    assertEquals(Optional.empty(), topics.written("a", at(6)));
    topics.failed("c", Duration.ZERO, at(6));
    assertEquals(Optional.empty(), topics.written("c", at(7)), "it was not told");
  }

  @Test
  void one_that_nothing_waits_for_any_more_is_forgotten() {
    topics.failed("a", TRY, at(3));
    assertEquals(List.of(), topics.forget(at(35)));
    assertEquals(Duration.ofSeconds(36), topics.longest(at(36)));
    assertEquals(
        List.of(new RestingTopics.End("a", Duration.ofSeconds(36))), topics.forget(at(36)));
    assertEquals(Duration.ZERO, topics.longest(at(36)));
    assertEquals(List.of(), topics.forget(at(37)));
  }

  @Test
  void it_is_known_for_how_long_the_first_one_cannot_be_written() {
    assertEquals(Duration.ZERO, topics.longest(at(0)));
    topics.failed("a", TRY, at(3));
    topics.failed("b", Duration.ZERO, at(4));
    topics.failed("a", Duration.ZERO, at(5));
    assertEquals(Duration.ofSeconds(6), topics.longest(at(6)));
    topics.written("a", at(6));
    assertEquals(Duration.ofSeconds(2), topics.longest(at(6)));
    topics.clear();
    assertEquals(Duration.ZERO, topics.longest(at(6)));
  }
}
