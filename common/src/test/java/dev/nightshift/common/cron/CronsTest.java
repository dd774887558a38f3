package dev.nightshift.common.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CronsTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Instant SET = Instant.parse("2026-01-02T03:04:05Z");
  private static final Cause ADA = new Cause("ada", "new report");
  private static final CronName NAME = new CronName("shop", "report");
  private static final CronSettings NIGHTLY =
      new CronSettings(
          "mail",
          CronSchedule.parse("0 3 * * *", "UTC"),
          CronPayload.NONE,
          Missed.ONCE,
          Overlap.ALLOW);

  private static LocalKafka kafka;

  private final AtomicReference<Instant> now = new AtomicReference<>(SET);

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void each_change_is_made_once_and_is_in_the_audit_before() {
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (Fleet fleet = Fleet.of(client, PLAN, WAIT)) {
      fleet.init(OptionalInt.of(1));
      try (Crons crons = Crons.of(client, PLAN, WAIT, fleet, now::get)) {
        assertThrows(FleetException.UnknownCanvas.class, () -> crons.set(NAME, NIGHTLY, ADA));
        fleet.createCanvas("shop", 1, OptionalInt.of(1), ADA);
        assertEquals(
            "there is no cron 'shop/report'; see what there is with: nightshift cron list shop",
            assertThrows(UnknownCronException.class, () -> crons.pause(NAME, ADA)).getMessage());

        Cron set = new Cron(NAME, 1, NIGHTLY, Optional.empty(), SET, "ada", SET);
        assertEquals(
            new CronChange(true, Optional.empty(), Optional.of(set)),
            crons.set(NAME, NIGHTLY, ADA));
        assertEquals(
            new CronChange(false, Optional.of(set), Optional.of(set)),
            crons.set(NAME, NIGHTLY, ADA));

        Instant later = SET.plusSeconds(60);
        now.set(later);
        Cron paused = set.paused(new CronPause("ada", later, "new report"));
        assertEquals(Optional.of(paused), crons.pause(NAME, ADA).after());
        assertEquals(false, crons.pause(NAME, ADA).changed());
        Cron resumed = set.resumed(later);
        assertEquals(Optional.of(resumed), crons.resume(NAME, ADA).after());
        assertEquals(false, crons.resume(NAME, ADA).changed());
        assertEquals(List.of(resumed), crons.all());

        assertEquals(
            new CronChange(true, Optional.of(resumed), Optional.empty()), crons.delete(NAME, ADA));
        assertEquals(List.of(), crons.all());

        crons.set(NAME, NIGHTLY, ADA);
        fleet.deleteCanvas("shop", ADA);
        assertEquals(List.of(), crons.all());
        fleet.createCanvas("shop", 1, OptionalInt.of(1), ADA);
        assertEquals(Optional.empty(), crons.find(NAME));
        assertEquals(2, crons.set(NAME, NIGHTLY, ADA).after().orElseThrow().generation());
      }
    }
    String nightly =
        "0 3 * * * (UTC) into mail, missed once, overlap allow, payload 2 bytes of"
            + " application/json";
    assertEquals(
        List.of(
            "cron set: none -> " + nightly,
            "cron pause: "
                + nightly
                + " -> "
                + nightly
                + ", paused by ada since 2026-01-02T03:05:05Z: new report",
            "cron resume: "
                + nightly
                + ", paused by ada since 2026-01-02T03:05:05Z: new report -> "
                + nightly,
            "cron delete: " + nightly + " -> none",
            "cron set: none -> " + nightly,
            "cron set: none -> " + nightly),
        audit(client));
  }

  private static List<String> audit(Map<String, Object> client) {
    List<String> audit = new ArrayList<>();
    TopicPartition topic = new TopicPartition(PLAN.audit(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(topic));
      consumer.seekToBeginning(List.of(topic));
      long end = consumer.endOffsets(List.of(topic)).getOrDefault(topic, 0L);
      while (consumer.position(topic) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
          AuditRecord read = RecordCodec.AUDIT.decode(record.value());
          if (read.getTarget().equals(NAME.toString())) {
            audit.add(read.getAction() + ": " + read.getBefore() + " -> " + read.getAfter());
          }
        }
      }
    }
    return audit;
  }
}
