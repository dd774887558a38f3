package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.local.LocalKafka;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

/// One scheduler on a real broker, which does not let it write the topic of one canvas.
class ATopicThatCannotBeWrittenTest {
  private static final int EVENTS = 60;
  private static final LocalKafka.Settings WITH_ACLS =
      LocalKafka.Settings.defaults()
          .with("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
          .with("allow.everyone.if.no.acl.found", "true");

  /// By then it was tried again and again.
  private static final Duration LONG = Duration.ofSeconds(12);

  private final Set<Integer> delayed = ConcurrentHashMap.newKeySet();
  private final Set<Integer> goOn = ConcurrentHashMap.newKeySet();

  private void hear(SchedulerEvent event) {
    switch (event) {
      case SchedulerEvent.TopicRests is -> delayed.add(is.partition());
      case SchedulerEvent.TopicGoesOn is -> goOn.add(is.partition());
      default -> {
        // Of no interest here.
      }
    }
  }

  @Test
  void holds_up_no_other_and_gets_its_events_when_it_can_be_written_again() throws Exception {
    try (TimerFleet fleet = new TimerFleet(WITH_ACLS);
        Admin admin = Admin.create(fleet.client)) {
      fleet.createCanvas("shut");
      AclBinding nobody =
          new AclBinding(
              new ResourcePattern(
                  ResourceType.TOPIC, fleet.plan.events("shut", 1), PatternType.LITERAL),
              new AccessControlEntry("User:*", "*", AclOperation.WRITE, AclPermissionType.DENY));
      admin.createAcls(List.of(nobody)).all().get();
      for (int i = 0; i < EVENTS; i++) {
        fleet.delay("shut", "shut" + i, Instant.now());
      }
      fleet.flush();
      try (Scheduler scheduler = Scheduler.start(fleet.settings("one"), this::hear)) {
        TimerFleet.await("all partitions say so", () -> delayed.size() == 6);
        TimerFleet.await("it lasts", () -> scheduler.status().overdue().compareTo(LONG) >= 0);
        for (int i = 0; i < EVENTS; i++) {
          fleet.delay("e" + i, Instant.now());
        }
        fleet.flush();
        TimerFleet.await("others are emitted", () -> fleet.emitted("shop").size() == EVENTS);
        assertEquals(Set.of(), goOn);
        admin.deleteAcls(List.of(nobody.toFilter())).all().get();
        TimerFleet.await("all are emitted", () -> fleet.emitted("shut").size() == EVENTS);
        TimerFleet.await("all partitions say so", () -> goOn.size() == 6);
      }
    }
  }
}
