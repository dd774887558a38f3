package dev.nightshift.worker.internal.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {
  private final SimClock clock = new SimClock();
  private final StreamedLog log = new StreamedLog();
  private final Partition partition = ScribeTest.partition();
  private final Reading reading =
      new Reading(
          ScribeTest.settings(),
          clock.time(),
          log,
          new Scribe(log, ScribeTest.settings(), ScribeTest.endings(), clock.time(), event -> {}));

  private boolean isRead() {
    reading.touched(partition);
    reading.balance(1);
    return !log.isPaused(partition.id());
  }

  @Test
  void while_many_leave_for_their_lanes_no_more_is_read_but_nobody_has_to_make_way_for_it() {
    for (int i = 1; i < Reading.PARTITION_LEAVING_MAX; i++) {
      partition.leaves();
    }
    assertTrue(isRead());
    partition.leaves();
    assertFalse(isRead());
    assertEquals(List.of(), reading.full());

    for (int i = 0; i < Reading.PARTITION_LEAVING_MAX / 2; i++) {
      assertFalse(isRead(), "half of them have to be gone first");
      partition.leavesNoMore();
    }
    assertFalse(isRead());
    partition.leavesNoMore();
    assertTrue(isRead());
  }
}
