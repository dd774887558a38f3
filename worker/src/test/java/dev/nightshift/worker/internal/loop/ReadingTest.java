package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private static final int MANY = 500;
  private static final int WAITING_MAX = ScribeTest.settings().waitingMax();
  // Of a partition that leaves as much as it takes, and of one that has nothing but its part.
  private static final int ALONE = WAITING_MAX / 4;
  private static final int LEAST = WAITING_MAX / MANY;

  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final Partition partition = ScribeTest.partition();
  private final Scribe scribe =
      new Scribe(log, ScribeTest.settings(), ScribeTest.endings(), clock.time(), event -> {});
  private final Reading reading = new Reading(ScribeTest.settings(), clock.time(), log, scribe);

  private boolean isRead() {
    return isRead(partition, 1);
  }

  private boolean isRead(Partition one, int assigned) {
    reading.touched(one);
    reading.balance(assigned);
    return !log.isPaused(one.id());
  }

  private int readUntilPaused(Partition one, int assigned) {
    return readUntilPaused(one, assigned, 200);
  }

  private int readUntilPaused(Partition one, int assigned, int bytesEach) {
    Waiting event = Events.of("a", "work", 0);
    while (isRead(one, assigned)) {
      one.waits(new Waiting(one, event.canvas(), event.event(), bytesEach, OptionalLong.empty()));
    }
    return one.waiting();
  }

  private static List<Partition> partitions(int count) {
    return IntStream.range(1, 1 + count)
        .mapToObj(number -> new TopicPartition(StreamedLog.EVENTS.topic(), number))
        .map(ScribeTest::partition)
        .toList();
  }

  @Test
  void while_many_leave_for_their_lanes_no_more_is_read_but_nobody_has_to_make_way_for_it() {
    for (int offset = 0; offset < Reading.PARTITION_LEAVING_MAX; offset++) {
      assertTrue(isRead());
      scribe.move(ScribeTest.transfer(partition, offset));
    }
    scribe.handlersActive(true);
    while (scribe.leaving(partition) >= Reading.PARTITION_LEAVING_MAX / 2) {
      assertFalse(isRead(), "half of them have to be gone first");
      assertEquals(List.of(), reading.full());
      assertTrue(scribe.write(false, false));
    }
    assertTrue(isRead());
  }

  @Test
  void a_partition_that_is_used_has_room_however_many_there_are_that_nobody_uses() {
    assertEquals(ALONE, readUntilPaused(partition, MANY));
  }

  @Test
  void of_many_that_are_used_each_has_some_room_and_all_have_half_as_much_again_at_most() {
    List<Partition> used = partitions(MANY);
    int all = used.stream().mapToInt(each -> readUntilPaused(each, MANY)).sum();
    used.forEach(each -> assertTrue(each.waiting() >= LEAST, "each has " + each.waiting()));
    assertTrue(all <= WAITING_MAX * 3 / 2, "they have " + all);
  }

  @Test
  void what_large_events_take_is_counted_in_bytes() {
    int bytesEach = 1_000_000;
    long bytesMax = ScribeTest.settings().waitingBytesMax();
    assertEquals(bytesMax / 4 / bytesEach, readUntilPaused(partition, MANY, bytesEach));
  }

  @Test
  void what_was_taken_away_takes_no_room() {
    readUntilPaused(partition, 1);
    reading.forget(List.of(partition));
    assertEquals(ALONE, readUntilPaused(partitions(1).getFirst(), MANY));
  }

  @Test
  void what_does_not_leave_after_all_is_in_nobodys_way() {
    for (int offset = 0; offset < Reading.PARTITION_LEAVING_MAX; offset++) {
      scribe.move(ScribeTest.transfer(partition, offset));
    }
    scribe.dropTransfers(each -> true);
    assertEquals(0, scribe.leaving(partition));
  }
}
