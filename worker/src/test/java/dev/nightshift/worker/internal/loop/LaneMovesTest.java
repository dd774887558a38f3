package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import dev.nightshift.common.ledger.Ledger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class LaneMovesTest {
  private static final long FULL_NANOS = LaneMoves.FULL_MAX.toNanos();
  private static final Canvas SHOP =
      new Canvas("shop", 1, StreamedLog.EVENTS.topic(), "workers", false);

  private final SimClock clock = new SimClock();
  private final Partition partition = ScribeTest.partition();
  private final List<String> wanted = new ArrayList<>();
  private final StreamedLog log = new StreamedLog();
  private final Scribe scribe =
      new Scribe(log, ScribeTest.settings(), ScribeTest.endings(), clock.time(), event -> {});
  private final RunQueue queue = new RunQueue(new Slots(1, 1_000_000), 5);
  private boolean alone;
  private final LaneMoves lanes =
      new LaneMoves(
          (canvas, name) -> wanted.add(name),
          (canvas, name) -> !alone,
          queue,
          scribe,
          ScribeTest.endings());
  private int offset;

  private Waiting event(String name) {
    return event(name, partition);
  }

  private Waiting event(String name, Partition partition) {
    var record = new ConsumerRecord<>(SHOP.topic(), 0, offset++, new byte[0], new byte[0]);
    record.headers().add(EventHeaders.ID, Long.toString(record.offset()).getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, name.getBytes(UTF_8));
    Waiting waiting = new Waiting(partition, SHOP, EventEnvelope.read(record, true));
    partition.read(record.offset(), () -> 0);
    partition.waits(waiting);
    return waiting;
  }

  private void laneOf(String name) {
    Lane lane = new Lane(SHOP.name(), 1, name, "lane.shop.1." + name, 6);
    ControlView view = ControlView.EMPTY.builder().put(SHOP).put(lane).build();
    lanes.stop(new Stops(view, clock.instant()));
  }

  private void fill(String name) {
    fill(name, partition);
  }

  private void fill(String name, Partition partition) {
    for (int i = 0; i < 10; i++) {
      queue.add(event(name, partition));
    }
    partition.full(true, 0);
  }

  @Test
  void a_queue_that_does_not_get_on_makes_way_with_all_that_comes_after() {
    laneOf("slow");
    fill("slow");
    lanes.look(List.of(partition), FULL_NANOS - 1);
    assertEquals(10, queue.size(), "it has had no room for less than half a second");

    lanes.look(List.of(partition), 2 * FULL_NANOS);
    assertEquals(0, queue.size());
    assertTrue(lanes.take(event("slow")));
    assertFalse(lanes.take(event("fast")));
    assertEquals(List.of(), wanted);
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_stays_where_it_is_until_another_has_a_handler() {
    laneOf("slow");
    fill("slow");
    alone = true;
    lanes.look(List.of(partition), FULL_NANOS);
    assertEquals(10, queue.size());
    assertFalse(lanes.take(event("slow")));

    alone = false;
    lanes.look(List.of(partition), 2 * FULL_NANOS);
    assertEquals(0, queue.size());
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_stays_while_anything_of_it_starts() {
    laneOf("slow");
    fill("slow");
    Partition second = ScribeTest.partition(new TopicPartition(SHOP.topic(), 1));
    fill("slow", second);
    alone = true;
    List<Partition> full = List.of(partition, second);
    long still = LaneMoves.STANDSTILL_MAX.toNanos();
    long now = FULL_NANOS;
    lanes.look(full, now);
    for (int i = 1; i <= 8; i++) { // All of the first partition: it is claimed of in blocks.
      now += still - 1;
      startAndEnd(now);
      lanes.look(full, now);
      assertEquals(20 - i, queue.size());
    }

    lanes.look(full, now + still - 1);
    assertEquals(12, queue.size());
    lanes.look(full, now + still + FULL_NANOS);
    assertEquals(0, queue.size(), "nothing has started for long: another worker may have slots");
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_again_moves_no_further() {
    laneOf("slow");
    fill("slow");
    lanes.look(List.of(partition), FULL_NANOS);
    assertTrue(lanes.take(event("slow")), "somebody may have a handler of another");

    alone = true;
    lanes.look(List.of(partition), 2 * FULL_NANOS);
    assertFalse(lanes.take(event("slow")));
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_moves_as_long_as_nothing_of_it_starts() {
    laneOf("slow");
    fill("slow");
    assertTrue(queue.take(0, () -> false).isPresent(), "it hangs, and there is no other slot");
    alone = true;
    long still = LaneMoves.STANDSTILL_MAX.toNanos();
    lanes.look(List.of(partition), FULL_NANOS);
    lanes.look(List.of(partition), FULL_NANOS + still);
    assertEquals(0, queue.size());
    lanes.look(List.of(), 2 * FULL_NANOS + still);
    assertTrue(lanes.take(event("slow")), "there is room again, and nothing of it starts");
    lanes.look(List.of(partition), 3 * FULL_NANOS + still);
    assertTrue(lanes.take(event("slow")));
  }

  @Test
  void a_queue_that_has_next_to_nothing_of_what_waits_makes_no_way() {
    for (int i = 0; i < LaneMoves.PARTS + 2; i++) {
      queue.add(event("q" + i));
    }
    partition.full(true, 0);
    lanes.look(List.of(partition), FULL_NANOS);
    assertEquals(LaneMoves.PARTS + 2, queue.size());
    assertEquals(List.of(), wanted);
    startAndEnd(LaneMoves.STANDSTILL_MAX.toNanos());
    lanes.look(List.of(partition), LaneMoves.STANDSTILL_MAX.toNanos());
    assertEquals(List.of(), wanted);

    lanes.look(List.of(partition), 2 * LaneMoves.STANDSTILL_MAX.toNanos());
    assertEquals(1, wanted.size(), "nothing starts: another worker may have slots");
  }

  @Test
  void a_queue_that_has_more_than_others_of_what_waits_makes_way() {
    for (int i = 0; i <= LaneMoves.PARTS; i++) {
      queue.add(event("q" + i));
    }
    partition.full(true, 0);
    lanes.look(List.of(partition), FULL_NANOS);

    queue.add(event("q7"));
    lanes.look(List.of(partition), 2 * FULL_NANOS);
    assertEquals(Set.of("q7"), Set.copyOf(wanted));
  }

  @Test
  void a_queue_that_was_stopped_has_its_time_again_to_start_something() {
    laneOf("slow");
    fill("slow");
    alone = true;
    lanes.look(List.of(partition), FULL_NANOS);
    lanes.look(List.of(), 2 * FULL_NANOS);
    lanes.look(List.of(partition), LaneMoves.STANDSTILL_MAX.toNanos() + 3 * FULL_NANOS);
    assertEquals(10, queue.size());
  }

  private void startAndEnd(long nanos) {
    Waiting taken = queue.take(nanos, () -> false).orElseThrow();
    taken.partition().waitsNoMore(taken);
    queue.ended(taken);
    queue.letGo(taken);
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_makes_way_for_others_of_its_topic() {
    Lane lane = new Lane(SHOP.name(), 1, "slow", "lane.shop.1.slow", 6);
    Canvas other = new Canvas("kiosk", 1, SHOP.topic(), "workers", false);
    lanes.stop(
        new Stops(
            ControlView.EMPTY.builder().put(SHOP).put(other).put(lane).build(), clock.instant()));
    fill("slow");
    alone = true;
    lanes.look(List.of(partition), FULL_NANOS);
    assertEquals(0, queue.size());
  }

  @Test
  void a_queue_that_is_alone_in_its_canvas_makes_way_for_others_that_are_run_again() {
    laneOf("slow");
    Partition retry =
        new Partition(
            new TopicPartition("night.retry", 0),
            1,
            Partition.Kind.RETRY,
            Ledger.empty(new Uuid(1, 2), 0),
            "");
    fill("slow", retry);
    alone = true;
    lanes.look(List.of(retry), FULL_NANOS);
    assertEquals(0, queue.size());
  }

  @Test
  void what_waits_for_its_lane_moves_when_there_is_one() {
    fill("slow");
    lanes.look(List.of(partition), FULL_NANOS);
    assertEquals(10, queue.size());
    assertTrue(wanted.contains("slow"));

    laneOf("slow");
    assertEquals(0, queue.size());
    assertTrue(lanes.take(event("slow")));
  }

  @Test
  void events_go_into_one_partition_of_their_lane_after_another_many_in_a_row() {
    laneOf("slow");
    fill("slow");
    lanes.look(List.of(partition), FULL_NANOS);
    for (int i = 0; i < 6 * LaneMoves.ROW; i++) {
      assertTrue(lanes.take(event("slow")));
    }
    while (!scribe.idle()) {
      scribe.write(false, true);
    }
    List<Integer> partitions = log.inLanes().stream().map(ProducerRecord::partition).toList();
    assertEquals(6 * LaneMoves.ROW + 10, partitions.size());
    assertEquals(6, Set.copyOf(partitions).size());
    long changes =
        IntStream.range(1, partitions.size())
            .filter(i -> !partitions.get(i).equals(partitions.get(i - 1)))
            .count();
    assertEquals(6, changes);
  }

  @Test
  void events_of_a_limited_queue_take_turns_as_each_partition_has_its_part_of_the_limit() {
    Lane lane = new Lane(SHOP.name(), 1, "slow", "lane.shop.1.slow", 6);
    Limit limit =
        new Limit(SHOP.name(), 1, "slow", Optional.of(6), Optional.empty(), Optional.empty());
    ControlView view = ControlView.EMPTY.builder().put(SHOP).put(lane).put(limit).build();
    Stops stops = new Stops(view, clock.instant());
    queue.stop(stops);
    lanes.stop(stops);
    for (int i = 0; i < 12; i++) {
      assertTrue(lanes.take(event("slow")));
    }
    while (!scribe.idle()) {
      scribe.write(false, true);
    }
    var counts =
        log.inLanes().stream()
            .collect(Collectors.groupingBy(ProducerRecord::partition, Collectors.counting()));
    assertEquals(Map.of(0, 2L, 1, 2L, 2, 2L, 3, 2L, 4, 2L, 5, 2L), counts);
  }

  @Test
  void a_queue_that_gets_on_again_stays_where_it_is() {
    laneOf("slow");
    fill("slow");
    lanes.look(List.of(partition), FULL_NANOS);
    lanes.look(List.of(), 2 * FULL_NANOS);
    assertFalse(lanes.take(event("slow")));
  }
}
