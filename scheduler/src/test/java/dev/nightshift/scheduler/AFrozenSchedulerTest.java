package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two scheduler processes on a real broker, one of which stands still for longer than its session.
class AFrozenSchedulerTest {
  private static final int EVENTS = 400;
  private static final int LATER = 60;
  private static final Duration APART = Duration.ofMillis(20);

  @TempDir private Path folder;

  @Test
  void emits_nothing_that_the_one_that_took_over_has_emitted() throws Exception {
    try (TimerFleet fleet = new TimerFleet();
        SchedulerProcess frozen = SchedulerProcess.start(fleet, folder, "frozen");
        SchedulerProcess other = SchedulerProcess.start(fleet, folder, "other")) {
      TimerFleet.await("each has a part", () -> frozen.parts() == 3 && other.parts() == 3);
      delay(fleet, "e", EVENTS);
      TimerFleet.await("some are emitted", () -> fleet.emitted("shop").size() >= 50);
      frozen.signal("STOP");
      TimerFleet.await("all are emitted", () -> fleet.emitted("shop").size() >= EVENTS);
      frozen.signal("CONT");
      TimerFleet.await(
          "it hears that it was given up",
          () -> frozen.printed().contains("fires no more") || frozen.printed().contains("Fenced"));
      delay(fleet, "later", LATER);
      TimerFleet.await("the others, too", () -> fleet.emitted("shop").size() >= EVENTS + LATER);
      assertTrue(frozen.process().isAlive(), frozen::printed);
      Map<String, Integer> times = new TreeMap<>();
      for (ConsumerRecord<byte[], byte[]> event : fleet.emitted("shop")) {
        times.merge(TimerFleet.header(event, "ce_id"), 1, Integer::sum);
      }
      assertEquals(EVENTS + LATER, times.size());
      times.values().removeIf(count -> count == 1);
      assertEquals(Map.of(), times, "emitted more than once");
    }
  }

  private static void delay(TimerFleet fleet, String prefix, int count) {
    Instant first = Instant.now().plusSeconds(1);
    for (int i = 0; i < count; i++) {
      fleet.delay(prefix + i, first.plus(APART.multipliedBy(i)));
    }
    fleet.flush();
  }
}
