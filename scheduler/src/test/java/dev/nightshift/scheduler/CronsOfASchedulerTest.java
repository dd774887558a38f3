package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Scope;
import dev.nightshift.common.cron.CronKey;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronRecords;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.CronState;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
  private static final List<String> tidied = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    fleet = new TimerFleet();
    scheduler =
        Scheduler.start(
            new SchedulerSettings(
                fleet.client,
                fleet.plan,
                "one",
                ScaleSettings.DEFAULT,
                new UpkeepSettings(Duration.ofSeconds(1), false)),
            event -> {
              if (event instanceof SchedulerEvent.CronsTidied) {
                tidied.add(event.toString());
              }
            });
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

  /// A scheduler that has not heard of the deletion yet may still write how far a cron is.
  @Test
  void nothing_stays_stored_of_the_crons_of_a_deleted_canvas_and_all_of_others() {
    fleet.createCanvas("closed");
    set(new CronName("closed", "one"), "mail", CronPayload.NONE, Overlap.ALLOW);
    set(new CronName("closed", "two"), "mail", CronPayload.NONE, Overlap.ALLOW);
    CronName stays = set("stays", "mail", CronPayload.NONE, Overlap.ALLOW);
    TimerFleet.await("both tick", () -> stored("/closed/").size() == 4);
    fleet.deleteCanvas("closed");
    fleet.createCanvas("closed");
    set(new CronName("closed", "one"), "mail", CronPayload.NONE, Overlap.ALLOW);
    Set<String> next = Set.of("cron/closed/2/one", "tick/closed/2/one");
    TimerFleet.await("only the next one is stored", () -> stored("/closed/").equals(next));
    assertEquals("took away what was stored of 2 crons of deleted canvases", tidied.getFirst());

    CronKey late = new CronKey(new CronName("closed", "two"), 1);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(fleet.client, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(CronRecords.of(fleet.plan, late, CronState.NONE));
    }
    TimerFleet.await("that is taken away, too", () -> stored("/closed/").equals(next));
    Set<String> others = Set.of("cron/shop/1/stays", "tick/shop/1/stays");
    TimerFleet.await("those of others are left alone", () -> stored("/stays").equals(others));
    crons.delete(stays, ADA);
  }

  // The keys of the schedules whose last record is no tombstone.
  private static Set<String> stored(String part) {
    Set<String> keys = new TreeSet<>();
    for (ConsumerRecord<byte[], byte[]> record : fleet.read(fleet.plan.schedules())) {
      String key = new String(record.key(), UTF_8);
      if (record.value() == null) {
        keys.remove(key);
      } else if (key.contains(part)) {
        keys.add(key);
      }
    }
    return keys;
  }

  private static CronState state(CronName name) {
    return crons.view().state(crons.cron(name).key());
  }

  private static CronName set(String name, String queue, CronPayload payload, Overlap overlap) {
    return set(new CronName(TimerFleet.CANVAS, name), queue, payload, overlap);
  }

  private static CronName set(CronName cron, String queue, CronPayload payload, Overlap overlap) {
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
