package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.AuditRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetBreakersTest {
  private static final Cause ADA = FleetBroker.ADA;
  private static final Scope MAIL = Scope.queue("shop", "mail");

  private static FleetBroker broker;

  private Instant now = FleetBroker.NOW;

  @BeforeAll
  static void start() {
    broker = new FleetBroker();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private Fleet fleet(String prefix) {
    Fleet fleet =
        Fleet.of(broker.client(), new TopicPlan(prefix), Duration.ofSeconds(20), () -> now);
    fleet.init(OptionalInt.of(1));
    return fleet;
  }

  private Killer killer(Canvas canvas, String event) {
    return new Killer("shop", canvas.generation(), "mail", event, 4, "w1", now);
  }

  @Test
  void what_is_counted_and_blocked_is_in_the_logs_and_another_process_goes_on_from_there() {
    Canvas shop;
    try (Fleet one = fleet("count.")) {
      shop = FleetBroker.create(one, "shop");
      assertEquals(Optional.empty(), one.breakers().killed(killer(shop, "e1")));
      assertEquals(Optional.empty(), one.breakers().killed(killer(shop, "e2")));
    }
    try (Fleet other = fleet("count.")) {
      Flag block = other.breakers().killed(killer(shop, "e3")).orElseThrow();
      assertEquals(List.of(block), other.view().flags().stopping(shop, "mail", now));
      assertEquals(Optional.empty(), other.breakers().killed(killer(shop, "e3")));
      assertFalse(other.breakers().survived(shop, "mail", "e4"));
      now = now.plusSeconds(60);
      assertTrue(other.breakers().survived(shop, "mail", "e4"));
      assertFalse(other.breakers().survived(shop, "mail", "e5"));
      assertEquals(List.of(), other.view().flags().all());
      assertEquals(List.of(), List.copyOf(other.view().breakers().killers()));
    }
    String block =
        "blocked by nightshift since 2026-01-02T03:04:05Z until 2026-01-02T03:05:05Z: 3 different"
            + " events killed the process within 10m: e1, e2, e3; then one is tried";
    assertEquals(
        List.of(
            "2026-01-02T03:04:05Z nightshift: queue block shop/mail from none to "
                + block
                + ", as 3 different events killed the process within 10m: e1, e2, e3; then one is"
                + " tried",
            "2026-01-02T03:05:05Z nightshift: queue unblock shop/mail from "
                + block
                + " to none, as event e4, tried after the block, killed no process"),
        audited("count.audit"));
  }

  @Test
  void a_human_lifts_the_block_also_while_the_queue_is_tried_and_all_begins_anew() {
    try (Fleet fleet = fleet("lift.")) {
      Canvas shop = FleetBroker.create(fleet, "shop");
      for (boolean over : List.of(false, true)) {
        for (int i = 1; i <= 3; i++) {
          assertEquals(i == 3, fleet.breakers().killed(killer(shop, over + "" + i)).isPresent());
        }
        now = now.plusSeconds(over ? 60 : 0);
        assertTrue(fleet.lift(FlagKind.BLOCK, MAIL, ADA).changed());
        assertEquals(Optional.empty(), fleet.view().breakers().trip(shop, "mail"));
        assertFalse(fleet.lift(FlagKind.BLOCK, MAIL, ADA).changed());
      }
      assertEquals(List.of(), fleet.view().flags().all());
      assertEquals(0, fleet.view().breakers().killers().size());
    }
  }

  @Test
  void a_human_who_blocks_takes_over_from_the_breaker() {
    try (Fleet fleet = fleet("over.")) {
      Canvas shop = FleetBroker.create(fleet, "shop");
      for (int i = 1; i <= 3; i++) {
        fleet.breakers().killed(killer(shop, "e" + i));
      }
      List<Flag> own = fleet.raise(FlagKind.BLOCK, MAIL, ADA, Optional.empty()).after();
      assertEquals(own, fleet.view().flags().all());
      assertEquals(Optional.empty(), fleet.view().breakers().trip(shop, "mail"));
      now = now.plusSeconds(3_600);
      assertEquals(Optional.empty(), fleet.breakers().killed(killer(shop, "e4")));
      assertFalse(fleet.breakers().survived(shop, "mail", "e5"));
      assertEquals(own, fleet.view().flags().all());
    }
  }

  @Test
  void a_queue_that_is_tried_runs_when_its_breaker_is_switched_off() {
    try (Fleet fleet = fleet("off.")) {
      Canvas shop = FleetBroker.create(fleet, "shop");
      for (int i = 1; i <= 3; i++) {
        fleet.breakers().killed(killer(shop, "e" + i));
      }
      now = now.plusSeconds(60);
      Breaker standard = Breaker.standard("shop", 1, "mail");
      fleet
          .breakers()
          .set(
              new Breaker(
                  "shop", 1, "mail", false, 3, Duration.ofMinutes(10), Duration.ofMinutes(1)),
              ADA);
      fleet.breakers().set(standard, ADA);
      assertEquals(Optional.empty(), fleet.view().breakers().trip(shop, "mail"));
      assertEquals(List.of(), fleet.view().flags().all());
    }
  }

  @Test
  void setting_it_is_idempotent_and_audited_and_goes_with_its_canvas() {
    try (Fleet fleet = fleet("set.")) {
      Canvas shop = FleetBroker.create(fleet, "shop");
      Breaker standard = Breaker.standard("shop", 1, "mail");
      assertFalse(fleet.breakers().set(standard, ADA).changed());
      Breaker off =
          new Breaker("shop", 1, "mail", false, 3, Duration.ofMinutes(10), Duration.ofMinutes(1));
      BreakerChange change = fleet.breakers().set(off, ADA);
      assertEquals(new BreakerChange(true, standard, off), change);
      assertFalse(fleet.breakers().set(off, ADA).changed());
      assertEquals(Optional.of(off), fleet.view().breakers().set(shop, "mail"));
      fleet.breakers().set(standard, ADA);
      fleet.breakers().killed(killer(shop, "e1"));
      assertEquals(
          List.of("breaker/shop/1/mail", "killer/shop/1/mail/e1"),
          List.copyOf(fleet.view().keysOf(shop)));
    }
    assertEquals(
        List.of(
            "2026-01-02T03:04:05Z ada: queue breaker shop/mail from on, 3 events in 10m, first block"
                + " 1m to off, as new shop",
            "2026-01-02T03:04:05Z ada: queue breaker shop/mail from off to on, 3 events in 10m, first"
                + " block 1m, as new shop"),
        audited("set.audit"));
  }

  // But for creating the canvas.
  private static List<String> audited(String topic) {
    List<String> lines = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.copyOf(broker.client()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(record -> lines.add(text(RecordCodec.AUDIT.decode(record.value()))));
      }
    }
    return lines.stream().filter(line -> !line.contains("canvas create")).toList();
  }

  private static String text(AuditRecord record) {
    return record.getAt()
        + " "
        + record.getActor()
        + ": "
        + record.getAction()
        + " "
        + record.getTarget()
        + " from "
        + record.getBefore()
        + " to "
        + record.getAfter()
        + ", as "
        + record.getReason();
  }
}
