package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.CronState;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One scheduler on a real broker, and nobody who runs what it emits.
@Timeout(120)
class CronsOfASchedulerTest {
  private static final Cause ADA = new Cause("ada", "");
  private static TimerFleet fleet;
  private static Scheduler scheduler;
  private static Crons crons;

  @BeforeAll
  static void start() {
    fleet = new TimerFleet();
    scheduler = Scheduler.start(fleet.settings("one"), event -> {});
    crons = Crons.of(fleet.client, fleet.plan, Duration.ofSeconds(20), fleet.fleet);
  }

  @AfterAll
  static void stop() {
    crons.close();
    scheduler.close();
    fleet.close();
  }

  @Test
  void a_cron_emits_an_event_at_each_tick_also_into_a_queue_that_is_paused() {
    fleet.fleet.raise(FlagKind.PAUSE, Scope.queue("shop", "paused"), ADA, Optional.empty());
    Instant set = Instant.now();
    CronName name = set("beat", "paused", CronPayload.ofJson("{\"a\":1}"), Overlap.ALLOW);
    TimerFleet.await("it ticks", () -> emitted(name).size() >= 3);
    ConsumerRecord<byte[], byte[]> event = emitted(name).getFirst();
    Instant tick = Instant.parse(TimerFleet.header(event, "ns-scheduled"));
    assertTrue(tick.isAfter(set.minusMillis(1)), () -> tick + " is before " + set);
    assertTrue(event.timestamp() >= tick.toEpochMilli(), () -> "early: " + event.timestamp());
    assertEquals("{\"a\":1}", new String(event.value(), UTF_8));
    assertEquals("cron.beat." + tick, TimerFleet.header(event, "ce_id"));
    assertEquals("paused", TimerFleet.header(event, "ce_type"));
    assertEquals("shop", TimerFleet.header(event, "ns-canvas"));
    assertEquals("nightshift-scheduler", TimerFleet.header(event, "ce_source"));
    assertEquals("application/json", TimerFleet.header(event, "content-type"));
    crons.pause(name, ADA);
    TimerFleet.await(
        "it ticks no more",
        () -> {
          int before = emitted(name).size();
          CronName other = set("other-" + before, "mail", CronPayload.NONE, Overlap.ALLOW);
          TimerFleet.await("another ticks", () -> emitted(other).size() >= 2);
          crons.delete(other, ADA);
          return emitted(name).size() == before;
        });
  }

  @Test
  void a_tick_is_skipped_while_the_event_before_it_has_not_ended() {
    CronName name = set("single", "slow", CronPayload.NONE, Overlap.SKIP);
    TimerFleet.await("it ticks", () -> !emitted(name).isEmpty());
    TimerFleet.await(
        "a tick is skipped", () -> state(name).skipped().map(CronState.Skipped::why).isPresent());
    CronState state = state(name);
    assertEquals(CronState.Why.OVERLAP, state.skipped().map(CronState.Skipped::why).orElseThrow());
    assertTrue(
        state.skipped().orElseThrow().tick().isAfter(state.lastEmitted().orElseThrow()),
        state::toString);
    assertEquals(1, emitted(name).size());
    crons.delete(name, ADA);
  }

  private static CronState state(CronName name) {
    return crons.view().state(name);
  }

  private static CronName set(String name, String queue, CronPayload payload, Overlap overlap) {
    CronName cron = new CronName(TimerFleet.CANVAS, name);
    CronSchedule schedule = CronSchedule.parse("every 1s", "UTC");
    crons.set(cron, new CronSettings(queue, schedule, payload, Missed.ONCE, overlap), ADA);
    return cron;
  }

  private static List<ConsumerRecord<byte[], byte[]>> emitted(CronName name) {
    return fleet.emitted(TimerFleet.CANVAS).stream()
        .filter(event -> TimerFleet.header(event, "ns-cron").equals(name.name()))
        .toList();
  }
}
