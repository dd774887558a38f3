package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/// One scheduler on a real broker, where somebody has deleted the topics of two canvases.
class ATopicThatCannotBeWrittenTest {
  private static final int EVENTS = 60;
  private static final List<String> BROKEN = List.of("broken", "torn");

  private final Set<Integer> delayed = ConcurrentHashMap.newKeySet();
  private final Set<Integer> goOn = ConcurrentHashMap.newKeySet();

  private void hear(SchedulerEvent event) {
    switch (event) {
      case SchedulerEvent.FiringDelayed is -> delayed.add(is.partition());
      case SchedulerEvent.FiringGoesOn is -> goOn.add(is.partition());
      default -> {
        // Of no interest here.
      }
    }
  }

  @Test
  void holds_up_no_other_and_gets_its_events_when_it_is_there_again() throws Exception {
    try (TimerFleet fleet = new TimerFleet();
        Admin admin = Admin.create(fleet.client)) {
      BROKEN.forEach(fleet::createCanvas);
      admin
          .deleteTopics(BROKEN.stream().map(each -> fleet.plan.events(each, 1)).toList())
          .all()
          .get();
      Instant due = Instant.now();
      for (int i = 0; i < EVENTS; i++) {
        for (String canvas : BROKEN) {
          fleet.delay(canvas, canvas + i, due);
        }
      }
      fleet.flush();
      try (Scheduler _ = Scheduler.start(fleet.settings("one"), this::hear)) {
        TimerFleet.await("all partitions say so", () -> delayed.size() == 6);
        for (int i = 0; i < EVENTS; i++) {
          fleet.delay("e" + i, Instant.now());
        }
        fleet.flush();
        TimerFleet.await("others are emitted", () -> fleet.emitted("shop").size() == EVENTS);
        assertEquals(Set.of(), goOn);
        BROKEN.forEach(each -> create(admin, fleet.plan.events(each, 1)));
        for (String canvas : BROKEN) {
          TimerFleet.await(
              "all are emitted into " + canvas, () -> fleet.emitted(canvas).size() == EVENTS);
        }
        TimerFleet.await("all partitions say so", () -> goOn.size() == 6);
      }
    }
  }

  private static void create(Admin admin, String topic) {
    try {
      admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1))).all().get();
    } catch (Exception e) {
      throw new AssertionError("cannot create " + topic, e);
    }
  }
}
