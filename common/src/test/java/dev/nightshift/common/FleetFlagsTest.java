package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FleetFlagsTest {
  private static final Cause ADA = FleetBroker.ADA;
  private static final Instant NOW = FleetBroker.NOW;

  private static FleetBroker broker;

  @BeforeAll
  static void start() {
    broker = new FleetBroker();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void who_begins_to_follow_knows_every_flag_from_the_first_view_on() {
    try (Fleet fleet = broker.fleet("cold.")) {
      fleet.init(OptionalInt.of(1));
      Map<String, Object> client = broker.client();
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
        for (int i = 0; i < 10_000; i++) {
          Flag flag =
              new Flag(
                  "f" + i,
                  FlagKind.PAUSE,
                  Scope.queue("shop", "q" + i),
                  1,
                  "ada",
                  "",
                  NOW,
                  Optional.empty());
          producer.send(ControlRecords.of("cold.control", flag, FlagState.SET, "ada", NOW));
        }
      }
      try (FollowedLog<ControlView> log =
          ControlLog.start(client, new TopicPlan("cold."), Duration.ofSeconds(20))) {
        assertEquals(10_000, log.view().flags().all().size());
      }
    }
  }

  @Test
  void a_flag_must_count_for_a_while() {
    try (Fleet fleet = broker.fleet("flags.")) {
      fleet.init(OptionalInt.of(1));
      FleetBroker.create(fleet, "shop");
      Scope mail = Scope.queue("shop", "mail");
      for (String end : List.of("2026-01-02T03:04:05Z", "2026-01-02T03:04:04.999999Z")) {
        assertEquals(
            "until "
                + end
                + " is not allowed: it is 2026-01-02T03:04:05Z now by this machine's clock, give a"
                + " later time or none",
            assertThrows(
                    FleetException.InvalidValue.class,
                    () -> fleet.raise(FlagKind.PAUSE, mail, ADA, Optional.of(Instant.parse(end))))
                .getMessage());
      }
      assertEquals(List.of(), fleet.view().flags().all());
      Optional<Instant> end = Optional.of(Instant.parse("2026-01-02T03:04:05.000001999Z"));
      assertTrue(fleet.raise(FlagKind.PAUSE, mail, ADA, end).changed());
      assertFalse(fleet.raise(FlagKind.PAUSE, mail, ADA, end).changed());
    }
  }

  /// What was read before somebody set the flag anew lifts that one record alone.
  @Test
  void flags_that_have_ended_are_lifted_each_by_its_own_record() {
    TopicPlan plan = new TopicPlan("tidy.");
    Scope mail = Scope.queue("shop", "mail");
    try (Fleet fleet = broker.fleet("tidy.");
        Fleet later =
            Fleet.of(
                broker.client(),
                plan,
                Duration.ofSeconds(20),
                InstantSource.fixed(NOW.plusSeconds(100)))) {
      fleet.init(OptionalInt.of(1));
      FleetBroker.create(fleet, "shop");
      Flag ended =
          fleet.raise(FlagKind.PAUSE, mail, ADA, Optional.of(NOW.plusSeconds(60))).after().get(0);
      Flag block =
          fleet
              .raise(FlagKind.BLOCK, Scope.all(), ADA, Optional.of(NOW.plusSeconds(61)))
              .after()
              .get(0);
      assertEquals(List.of(), later.liftEnded(NOW.plusMillis(59_999), 10, ADA));
      Flag anew = later.raise(FlagKind.PAUSE, mail, ADA, Optional.empty()).after().get(0);

      Cause cause = new Cause("nightshift", "its end has passed");
      assertEquals(List.of(ended), later.liftEnded(NOW.plusSeconds(60), 10, cause));
      assertEquals(List.of(block, anew), fleet.view().flags().all());
      assertEquals(List.of(), later.liftEnded(NOW.plusSeconds(60), 10, cause), "done");
      assertEquals(List.of(block), later.liftEnded(NOW.plusSeconds(100), 1, cause));
      assertEquals(List.of(anew), fleet.view().flags().all());
      assertEquals(
          List.of(
              "queue resume shop/mail: "
                  + ended.text()
                  + "; "
                  + anew.text()
                  + " -> "
                  + anew.text()
                  + " by nightshift: its end has passed",
              "queue unblock *: " + block.text() + " -> none by nightshift: its end has passed"),
          lifts(plan));
    }
  }

  /// An admin may set a flag anew after it was looked for and before it is lifted.
  @Test
  void a_flag_that_is_set_anew_while_the_former_is_being_lifted_stays() {
    TopicPlan plan = new TopicPlan("meet.");
    Scope mail = Scope.queue("shop", "mail");
    try (Fleet fleet = broker.fleet("meet.");
        ControlWriter writer =
            new ControlWriter(
                broker.client(), plan, Cluster.of(broker.client(), Duration.ofSeconds(20)))) {
      fleet.init(OptionalInt.of(1));
      FleetBroker.create(fleet, "shop");
      fleet.raise(FlagKind.PAUSE, mail, ADA, Optional.of(NOW.plusSeconds(60)));
      ControlView old = fleet.view();
      Flag anew =
          fleet
              .raise(FlagKind.PAUSE, mail, ADA, Optional.of(NOW.plusSeconds(7_200)))
              .after()
              .get(0);
      FleetFlags late = new FleetFlags(plan, () -> old, writer, InstantSource.fixed(NOW));
      assertEquals(1, late.liftEnded(NOW.plusSeconds(3_600), 10, ADA).size());
      assertEquals(List.of(anew), fleet.view().flags().all());
    }
  }

  private static List<String> lifts(TopicPlan plan) {
    try (KafkaConsumer<byte[], byte[]> reader = Readers.open(broker.client())) {
      List<TopicPartition> audit = List.of(new TopicPartition(plan.audit(), 0));
      reader.assign(audit);
      reader.seekToBeginning(audit);
      long end = reader.endOffsets(audit).values().iterator().next();
      List<String> found = new ArrayList<>();
      while (reader.position(audit.get(0)) < end) {
        reader
            .poll(Duration.ofMillis(50))
            .forEach(record -> found.add(text(RecordCodec.AUDIT.decode(record.value()))));
      }
      return found.stream().filter(each -> each.contains("by nightshift")).toList();
    }
  }

  private static String text(AuditRecord record) {
    return "%s %s: %s -> %s by %s: %s"
        .formatted(
            record.getAction(),
            record.getTarget(),
            record.getBefore(),
            record.getAfter(),
            record.getActor(),
            record.getReason());
  }
}
