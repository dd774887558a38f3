package dev.nightshift.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Two scheduler processes on a real broker, with the sessions that they have by default.
@Timeout(180)
class CronsTickOverASchedulerThatIsKilledTest {
  private static final int CRONS = 12;
  private static final Duration TICKED_BEFORE = Duration.ofSeconds(4);
  private static final Duration TICKED_AFTER = Duration.ofSeconds(4);

  private static final Duration GAP_MAX = Duration.ofSeconds(10);

  @TempDir private Path folder;

  @Test
  void each_tick_is_emitted_once_by_one_or_the_other() throws Exception {
    try (TimerFleet fleet = new TimerFleet();
        SchedulerProcess killed = SchedulerProcess.start(fleet, folder, "killed");
        SchedulerProcess other = SchedulerProcess.start(fleet, folder, "other")) {
      TimerFleet.await("each has a part", () -> killed.parts() == 3 && other.parts() == 3);
      set(fleet);
      Instant begun = Instant.now();
      awaitTicksUntil(fleet, begun.plus(TICKED_BEFORE));
      killed.kill();
      awaitTicksUntil(fleet, Instant.now().plus(TICKED_AFTER));
      assertTrue(
          latest(fleet).compareTo(GAP_MAX) < 0,
          () -> "late by " + latest(fleet) + "\n" + other.printed());
      Map<String, List<Instant>> ticks = ticks(fleet);
      assertEquals(CRONS, ticks.size());
      ticks.forEach((cron, emitted) -> {
        List<Instant> each =
            IntStream.range(0, emitted.size())
                .mapToObj(i -> emitted.getFirst().plusSeconds(i))
                .toList();
        assertEquals(each, emitted, () -> cron + "\n" + other.printed());
        assertTrue(!emitted.getFirst().isAfter(begun.plusSeconds(2)), cron);
      });
    }
  }

  private static void set(TimerFleet fleet) {
    try (Crons crons = Crons.of(fleet.client, fleet.plan, Duration.ofSeconds(20), fleet.fleet)) {
      for (int i = 0; i < CRONS; i++) {
        CronSettings settings =
            new CronSettings(
                "mail",
                CronSchedule.parse("every 1s", "UTC"),
                CronPayload.NONE,
                Missed.SKIP,
                Overlap.ALLOW);
        crons.set(new CronName(TimerFleet.CANVAS, "cron-" + i), settings, new Cause("test", ""));
      }
    }
  }

  private static void awaitTicksUntil(TimerFleet fleet, Instant end) {
    TimerFleet.await(
        "all tick",
        () -> {
          Map<String, List<Instant>> ticks = ticks(fleet);
          return ticks.size() == CRONS
              && ticks.values().stream().allMatch(each -> each.getLast().isAfter(end));
        });
  }

  private static Duration latest(TimerFleet fleet) {
    return fleet.emitted(TimerFleet.CANVAS).stream()
        .map(event ->
            Duration.between(
                Instant.parse(TimerFleet.header(event, "ns-scheduled")),
                Instant.ofEpochMilli(event.timestamp())))
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  // Each as often as it was emitted.
  private static Map<String, List<Instant>> ticks(TimerFleet fleet) {
    return fleet.emitted(TimerFleet.CANVAS).stream()
        .collect(
            Collectors.groupingBy(
                event -> TimerFleet.header(event, "ns-cron"),
                TreeMap::new,
                Collectors.collectingAndThen(
                    Collectors.toList(), CronsTickOverASchedulerThatIsKilledTest::sorted)));
  }

  private static List<Instant> sorted(List<ConsumerRecord<byte[], byte[]>> events) {
    List<Instant> ticks =
        events.stream()
            .map(event -> Instant.parse(TimerFleet.header(event, "ns-scheduled")))
            .sorted()
            .toList();
    assertEquals(List.copyOf(new TreeSet<>(ticks)), ticks, "a tick was emitted twice");
    return ticks;
  }
}
