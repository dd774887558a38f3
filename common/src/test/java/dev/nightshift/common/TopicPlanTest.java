package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;

class TopicPlanTest {
  private static final TopicPlan PLAN = new TopicPlan("a.");

  @Test
  void each_topic_has_its_name() {
    assertEquals("nightshift.", TopicPlan.standard().prefix());
    assertEquals(
        List.of(
            "a.control",
            "a.retry",
            "a.delayed",
            "a.dead",
            "a.dead-done",
            "a.schedules",
            "a.traces",
            "a.audit",
            "a.workers",
            "a.scale"),
        PLAN.own());
    assertEquals("a.control", PLAN.control());
    assertEquals("a.retry", PLAN.retry());
    assertEquals("a.delayed", PLAN.delayed());
    assertEquals("a.schedulers", PLAN.schedulersGroup());
    assertEquals("a.timers.3", PLAN.timersTransactionalId(3));
    assertEquals("a.schedules", PLAN.schedules());
    assertEquals("a.dead", PLAN.dead());
    assertEquals("a.dead-done", PLAN.deadDone());
    assertEquals("a.dead", PLAN.deadTransactionalId());
    assertEquals("a.traces", PLAN.traces());
    assertEquals("a.audit", PLAN.audit());
    assertEquals("a.workers", PLAN.workersGroup());
    assertEquals("a.worker.w1", PLAN.transactionalId("w1"));
  }

  @Test
  void each_generation_of_a_canvas_has_a_topic_of_its_own() {
    assertEquals("a.events.shop", PLAN.events("shop", 1));
    assertEquals("a.events.shop.2", PLAN.events("shop", 2));
    assertEquals("a.events.shop.11", PLAN.events("shop", 11));
  }

  @Test
  void each_queue_of_a_generation_has_a_lane_of_its_own() {
    assertEquals("a.lane.shop.1.mail", PLAN.lane("shop", 1, "mail"));
    assertEquals("a.lane.shop.2.mail", PLAN.lane("shop", 2, "mail"));
    assertTrue(PLAN.isLane(PLAN.lane("shop", 1, "mail")));
    assertFalse(PLAN.isLane(PLAN.events("lane", 1)));
    assertFalse(PLAN.isLane("b.lane.shop.1.mail"));
  }

  @Test
  void kafka_takes_no_two_of_them_for_the_same() {
    Set<String> kafkas = new HashSet<>();
    int names = 0;
    for (String topic : PLAN.own()) {
      names += add(kafkas, topic);
    }
    for (String canvas : List.of("1", "2", "shop", "shop-1", "control", "events")) {
      for (int generation : List.of(1, 2, 12)) {
        names += add(kafkas, PLAN.events(canvas, generation));
        for (String queue : List.of("1", "2", "_", "-", "1_2", "mail", "mail_1")) {
          names += add(kafkas, PLAN.lane(canvas, generation, queue));
        }
      }
    }
    assertEquals(names, kafkas.size());
  }

  // As Kafka compares them: for its metrics, '.' is '_'.
  private static int add(Set<String> kafkas, String topic) {
    kafkas.add(topic.replace('.', '_'));
    return 1;
  }

  @Test
  void the_longest_names_are_topics() {
    TopicPlan longest = new TopicPlan("p".repeat(60));
    String lane = longest.lane("c".repeat(63), Integer.MAX_VALUE, "q".repeat(100));
    assertEquals(60 + 5 + 63 + 1 + 10 + 1 + 100, lane.length());
    Topic.validate(lane);
    Topic.validate(longest.events("c".repeat(63), Integer.MAX_VALUE));
  }

  @Test
  void a_prefix_that_no_topic_may_have_is_refused() {
    for (String prefix : List.of("", "a b", "a/", "ä", "*", "p".repeat(61))) {
      assertEquals(
          "topic prefix "
              + Names.quoted(prefix)
              + " is not allowed: 1 to 60 of A-Z, a-z, 0-9, '.', '_' and '-'",
          assertThrows(IllegalArgumentException.class, () -> new TopicPlan(prefix)).getMessage());
    }
  }
}
