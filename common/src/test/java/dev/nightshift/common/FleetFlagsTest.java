package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.KafkaProducer;
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
}
