package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import dev.nightshift.scheduler.events.SchedulerStatus;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// One scheduler on a real broker.
class SchedulerTest {
  private static TimerFleet fleet;
  private static Scheduler scheduler;

  @BeforeAll
  static void start() {
    fleet = new TimerFleet();
    scheduler = Scheduler.start(fleet.settings("one"), event -> {});
  }

  @AfterAll
  static void stop() {
    scheduler.close();
    fleet.close();
  }

  private static Instant in(long millis) {
    return Instant.now().plusMillis(millis);
  }

  @Test
  void events_are_emitted_when_they_are_due_never_early_and_once() {
    Map<String, Instant> due = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      due.put("on-time-" + i, in(100 + 13L * i));
    }
    due.forEach(fleet::delay);
    fleet.flush();
    TimerFleet.await("all are emitted", () -> emitted("on-time-").size() >= 100);
    // Whatever came twice is there by now.
    TimerFleet.await(
        "all have ended",
        () -> due.keySet().stream().allMatch(id -> !fleet.endsOf("shop", id).isEmpty()));
    List<ConsumerRecord<byte[], byte[]>> emitted = emitted("on-time-");
    assertEquals(100, emitted.size());
    for (ConsumerRecord<byte[], byte[]> event : emitted) {
      String id = TimerFleet.header(event, "ce_id");
      Instant wanted = Objects.requireNonNull(due.remove(id), "emitted twice");
      assertTrue(event.timestamp() >= wanted.toEpochMilli(), id);
      assertEquals("payload of " + id, new String(event.value(), UTF_8));
      assertEquals("kept", TimerFleet.header(event, "x-own"));
      assertEquals(wanted.toString(), TimerFleet.header(event, "ns-due"));
      assertEquals("", TimerFleet.header(event, "ns-events-topic"));
      assertEquals(List.of("fired"), fleet.endsOf("shop", id));
    }
    assertEquals(Map.of(), due);
  }

  private static List<ConsumerRecord<byte[], byte[]>> emitted(String prefix) {
    return fleet.emitted(TimerFleet.CANVAS).stream()
        .filter(each -> TimerFleet.header(each, "ce_id").startsWith(prefix))
        .toList();
  }

  @Test
  void an_event_that_is_emitted_again_is_moved() {
    fleet.delay("moved", in(3_600_000));
    Instant sooner = in(300);
    fleet.delay("moved", sooner);
    fleet.delay("moved-away", in(500));
    fleet.delay("moved-away", in(3_600_000));
    fleet.flush();
    TimerFleet.await("it is emitted", () -> !fleet.emittedOf("moved").isEmpty());
    fleet.delay("behind", in(700));
    fleet.flush();
    TimerFleet.await("a later one is emitted", () -> !fleet.emittedOf("behind").isEmpty());
    assertEquals(1, fleet.emittedOf("moved").size());
    assertEquals(
        sooner.toString(), TimerFleet.header(fleet.emittedOf("moved").getFirst(), "ns-due"));
    assertEquals(List.of(), fleet.emittedOf("moved-away"));
  }

  @Test
  void an_event_is_cancelled_until_it_is_emitted() {
    fleet.delay("cancelled", in(3_600_000));
    fleet.delay("late", in(100));
    fleet.flush();
    TimerFleet.await("it is emitted", () -> !fleet.emittedOf("late").isEmpty());
    fleet.cancel("cancelled");
    fleet.cancel("late");
    fleet.flush();
    TimerFleet.await(
        "both are answered",
        () ->
            fleet.endsOf("shop", "cancelled").size() == 1
                && fleet.endsOf("shop", "late").size() == 2);
    assertEquals(List.of("cancelled"), fleet.endsOf("shop", "cancelled"));
    assertEquals(List.of("fired", "gone"), fleet.endsOf("shop", "late"));
    Trace trace = trace("cancelled");
    assertEquals("cancelled", trace.getOutcome());
    assertEquals("cancelled by ann before it was due", trace.getReason());
    assertEquals("mail", trace.getQueue());
    assertEquals("payload of cancelled", UTF_8.decode(trace.getInput()).toString());
    assertEquals(0, fleet.traces().stream().filter(is -> is.getEventId().equals("late")).count());
  }

  private static Trace trace(String id) {
    return fleet.traces().stream()
        .filter(trace -> trace.getEventId().equals(id))
        .reduce((older, newer) -> {
          throw new AssertionError("two traces of " + id);
        })
        .orElseThrow();
  }

  @Test
  void events_of_a_deleted_canvas_end_when_it_is_deleted() {
    fleet.createCanvas("gone");
    fleet.delay("gone", "in-an-hour", in(3_600_000));
    fleet.delay("gone", "in-a-while", in(40_000));
    fleet.flush();
    fleet.deleteCanvas("gone");
    fleet.createCanvas("gone");
    // One of the former generation, by an emitter that has not heard yet.
    fleet.delay("gone", "too-late", in(100));
    fleet.flush();
    for (String id : List.of("in-an-hour", "in-a-while", "too-late")) {
      TimerFleet.await(id + " ends", () -> !fleet.endsOf("gone", id).isEmpty());
      assertEquals(List.of("canvas_deleted"), fleet.endsOf("gone", id));
      assertEquals("canvas_deleted", trace(id).getOutcome());
      assertEquals("gone", trace(id).getCanvas());
    }
  }

  @Test
  void a_record_that_is_no_event_goes_to_the_dead_letters_and_stops_nothing() {
    fleet.write(
        "shop/garbage", "what".getBytes(UTF_8), Map.of("ce_id", "garbage", "ns-canvas", "shop"));
    fleet.delay("after", in(100));
    fleet.flush();
    TimerFleet.await("it ends", () -> !fleet.endsOf("shop", "garbage").isEmpty());
    TimerFleet.await("others are emitted", () -> !fleet.emittedOf("after").isEmpty());
    assertEquals(List.of("undecodable"), fleet.endsOf("shop", "garbage"));
    ConsumerRecord<byte[], byte[]> letter =
        fleet.read(fleet.plan.dead()).stream()
            .filter(each -> new String(each.value(), UTF_8).equals("what"))
            .findFirst()
            .orElseThrow();
    assertEquals("undecodable", TimerFleet.header(letter, "ns-outcome"));
    assertEquals("it has no header ce_type", TimerFleet.header(letter, "ns-reason"));
    assertEquals("one", TimerFleet.header(letter, "ns-writer"));
  }

  @Test
  void what_a_scheduler_says_of_itself() {
    TimerFleet.await("it fires", () -> scheduler.status().firing() == 6);
    SchedulerStatus status = scheduler.status();
    assertTrue(status.joined());
    assertTrue(status.caughtUp());
    assertEquals(6, status.partitions());
  }
}
