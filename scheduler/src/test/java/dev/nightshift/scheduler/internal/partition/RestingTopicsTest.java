package dev.nightshift.scheduler.internal.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestingTopicsTest {
  private static final long BEGIN = -5; // A monotonic clock may be negative.

  private final RestingTopics topics = new RestingTopics();

  @Test
  void a_topic_takes_a_tenth_of_the_time_at_most_and_is_tried_each_minute_at_least() {
    assertEquals(Duration.ofSeconds(1), topics.failed("a", Duration.ZERO, BEGIN));
    assertEquals(Duration.ofSeconds(1), topics.failed("a", Duration.ofMillis(100), BEGIN));
    assertEquals(Duration.ofSeconds(27), topics.failed("a", Duration.ofSeconds(3), BEGIN));
    assertEquals(Duration.ofMinutes(1), topics.failed("a", Duration.ofSeconds(9), BEGIN));
  }

  @Test
  void it_is_known_until_it_is_written_or_nothing_waits_for_it() {
    assertTrue(topics.isEmpty(BEGIN));
    topics.failed("a", Duration.ZERO, BEGIN);
    topics.failed("b", Duration.ZERO, BEGIN);
    topics.written("a");
    topics.written("c");
    assertFalse(topics.isEmpty(BEGIN + Duration.ofSeconds(30).toNanos()));
    assertTrue(topics.isEmpty(BEGIN + Duration.ofSeconds(31).toNanos()));
  }
}
