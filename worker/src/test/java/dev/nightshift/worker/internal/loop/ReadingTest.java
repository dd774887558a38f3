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
  private final Scribe scribe =
      new Scribe(log, ScribeTest.settings(), ScribeTest.endings(), clock.time(), event -> {});
  private final Reading reading = new Reading(ScribeTest.settings(), clock.time(), log, scribe);

  private boolean isRead() {
    reading.touched(partition);
    reading.balance(1);
    return !log.isPaused(partition.id());
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
  void what_does_not_leave_after_all_is_in_nobodys_way() {
    for (int offset = 0; offset < Reading.PARTITION_LEAVING_MAX; offset++) {
      scribe.move(ScribeTest.transfer(partition, offset));
    }
    scribe.dropTransfers(each -> true);
    assertEquals(0, scribe.leaving(partition));
  }
}
