package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two scheduler processes on a real broker, with the sessions that they have by default.
class ASchedulerThatIsKilledTest {
  private static final int EVENTS = 900;
  private static final Duration APART = Duration.ofMillis(20);
  private static final Duration GAP_MAX = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void is_followed_by_another_that_emits_the_rest_once_and_within_ten_seconds() throws Exception {
    try (TimerFleet fleet = new TimerFleet();
        SchedulerProcess killed = SchedulerProcess.start(fleet, folder, "killed");
        SchedulerProcess other = SchedulerProcess.start(fleet, folder, "other")) {
      TimerFleet.await("each has a part", () -> killed.parts() == 3 && other.parts() == 3);
      Map<String, Instant> due = new HashMap<>();
      Instant first = Instant.now().plusSeconds(1);
      for (int i = 0; i < EVENTS; i++) {
        due.put("e" + i, first.plus(APART.multipliedBy(i)));
      }
      due.forEach(fleet::delay);
      fleet.flush();
      TimerFleet.await("some are emitted", () -> fleet.emitted("shop").size() >= 100);
      killed.kill();
      TimerFleet.await("all are emitted", () -> fleet.emitted("shop").size() >= EVENTS);
      TimerFleet.await(
          "all have ended",
          () ->
              fleet.read(fleet.plan.delayed()).stream().filter(each -> each.value() == null).count()
                  >= EVENTS);
      check(fleet, due, other);
      other.process().destroy();
      assertTrue(
          other.process().waitFor(5, TimeUnit.SECONDS), () -> "ends late:\n" + other.printed());
      assertEquals(0, other.process().exitValue(), other::printed);
    }
  }

  private static void check(TimerFleet fleet, Map<String, Instant> due, SchedulerProcess other) {
    Map<String, Integer> times = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> event : fleet.emitted("shop")) {
      String id = TimerFleet.header(event, "ce_id");
      times.merge(id, 1, Integer::sum);
      Duration late =
          Duration.between(
              Objects.requireNonNull(due.get(id)), Instant.ofEpochMilli(event.timestamp()));
      assertTrue(late.compareTo(Duration.ofMillis(-1)) > 0, id + " was early: " + late);
      assertTrue(
          late.compareTo(GAP_MAX) < 0, () -> id + " was late: " + late + "\n" + other.printed());
    }
    times.values().removeIf(count -> count == 1);
    assertEquals(Map.of(), times, "emitted more than once");
  }
}
