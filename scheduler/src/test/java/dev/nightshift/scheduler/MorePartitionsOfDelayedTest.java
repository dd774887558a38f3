package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;

/// Somebody adds partitions to the delayed topic while a scheduler runs.
class MorePartitionsOfDelayedTest {
  @Test
  void end_a_scheduler_that_does_not_read_them_and_the_next_one_does() throws Exception {
    try (TimerFleet fleet = new TimerFleet();
        Admin admin = Admin.create(fleet.client)) {
      Map<String, Object> client = new HashMap<>(fleet.client);
      client.put("metadata.max.age.ms", "500");
      SchedulerSettings settings = new SchedulerSettings(client, fleet.plan, "one");
      try (Scheduler scheduler = Scheduler.start(settings, event -> {})) {
        TimerFleet.await("it fires", () -> scheduler.status().firing() == 6);
        admin
            .createPartitions(Map.of(fleet.plan.delayed(), NewPartitions.increaseTo(7)))
            .all()
            .get();
        SchedulerException ended = assertThrows(SchedulerException.class, scheduler::run);
        assertEquals(
            "the scheduler cannot go on: java.lang.IllegalStateException: the topic"
                + " nightshift.delayed has got more partitions than the 6 that it had when this"
                + " scheduler started. Start it again; what is due meanwhile is fired by the others,"
                + " or then",
            ended.getMessage());
      }
      try (Scheduler next = Scheduler.start(settings, event -> {})) {
        TimerFleet.await("the next one fires", () -> next.status().firing() == 7);
      }
    }
  }
}
