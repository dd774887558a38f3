package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class EventRecordsTest {
  private static final TopicPlan PLAN = TopicPlan.standard();
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.123456Z");

  @Test
  void onACanvassOwnTopicTheTopicAndTheRecordsTimeSayWhoseItIsAndWhen() {
    ProducerRecord<byte[], byte[]> record =
        record(Emission.of("shop", "mail", new byte[3]), PLAN.events("shop", 1));
    assertEquals(
        List.of("ce_specversion=1.0", "ce_id=e1", "ce_type=mail", "ce_source=tests"),
        headers(record));
    assertEquals(NOW.toEpochMilli(), record.timestamp());
  }

  @Test
  void onASharedTopicEachEventNamesItsCanvas() {
    ProducerRecord<byte[], byte[]> record =
        record(Emission.of("shop", "mail", new byte[3]), PLAN.shared("small"));
    assertEquals(
        List.of(
            "ce_specversion=1.0", "ce_id=e1", "ce_type=mail", "ce_source=tests", "ns-canvas=shop"),
        headers(record));
    assertEquals(NOW.toEpochMilli(), record.timestamp());
  }

  @Test
  void whatIsDueLaterSaysAllOfIt() {
    Emission later = Emission.of("shop", "mail", new byte[3]).after(Duration.ofHours(1));
    ProducerRecord<byte[], byte[]> record = record(later, PLAN.events("shop", 1));
    assertEquals(PLAN.delayed(), record.topic());
    assertEquals(
        List.of(
            "ce_specversion=1.0",
            "ce_id=e1",
            "ce_type=mail",
            "ce_source=tests",
            "ce_time=2026-01-02T03:04:05.123456Z",
            "ns-canvas=shop",
            "ns-due=2026-01-02T04:04:05.123456Z",
            "ns-events-topic=nightshift.events.shop"),
        headers(record));
    assertNull(record.timestamp(), "the producer's own");
  }

  @Test
  void aChildEventSaysWhenItWasEmittedAsItIsStoredLater() {
    Canvas canvas = new Canvas("shop", 1, PLAN.events("shop", 1), PLAN.workersGroup(), false);
    ProducerRecord<byte[], byte[]> record =
        new EventRecords("tests", PLAN)
            .record(Emission.of("shop", "mail", new byte[3]), canvas, "e2", Optional.of("e1"), NOW);
    assertEquals(
        List.of(
            "ce_specversion=1.0",
            "ce_id=e2",
            "ce_type=mail",
            "ce_source=tests",
            "ce_time=2026-01-02T03:04:05.123456Z",
            "ns-cause=e1"),
        headers(record));
    assertNull(record.timestamp(), "the producer's own");
  }

  private static ProducerRecord<byte[], byte[]> record(Emission emission, String topic) {
    Canvas canvas = new Canvas("shop", 1, topic, PLAN.workersGroup(), false);
    return new EventRecords("tests", PLAN).record(emission, canvas, "e1", Optional.empty(), NOW);
  }

  private static List<String> headers(ProducerRecord<byte[], byte[]> record) {
    return Stream.of(record.headers().toArray()).map(EventRecordsTest::text).toList();
  }

  private static String text(Header header) {
    return header.key() + "=" + new String(header.value(), UTF_8);
  }
}
