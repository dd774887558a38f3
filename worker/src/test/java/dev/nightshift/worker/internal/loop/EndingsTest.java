package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EndingsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private static final Partition PARTITION = ScribeTest.partition();
  private static final ConsumerRecord<byte[], byte[]> EVENT = event();

  @Test
  void a_letter_says_who_wrote_it_and_whether_its_payload_was_left_behind() {
    Endings endings = ScribeTest.endings();
    Move move =
        Move.unhandled(
            PARTITION,
            EVENT,
            "shop",
            List.of(new ProducerRecord<>("retry", null), new ProducerRecord<>("traces", null)));

    Move dead = endings.refused(move, "too large", NOON);
    ProducerRecord<byte[], byte[]> whole = dead.records().get(0);
    assertArrayEquals("payload".getBytes(UTF_8), whole.value());
    assertEquals("w1", header(whole, "ns-writer"));
    assertNull(whole.headers().lastHeader("ns-payload-left"));

    ProducerRecord<byte[], byte[]> left = endings.refused(dead, "too large", NOON).records().get(0);
    assertNull(left.value());
    assertEquals("true", header(left, "ns-payload-left"));
    assertEquals("w1", header(left, "ns-writer"));
  }

  @Test
  void what_goes_on_elsewhere_says_when_it_was_emitted_and_into_which_canvas() {
    Endings endings = ScribeTest.endings();
    EventEnvelope event = EventEnvelope.read(EVENT, false);
    Canvas shop = new Canvas("shop", 1, StreamedLog.EVENTS.topic(), "", false);
    for (ProducerRecord<byte[], byte[]> record :
        List.of(
            endings.lost(event, "shop", "w0", NOON).getFirst(),
            endings.waitsIn(
                new Lane("shop", 1, "mail", "lane", 1), 0, new Waiting(PARTITION, shop, event)),
            endings
                .refused(Move.unhandled(PARTITION, EVENT, "shop", List.of()), "too large", NOON)
                .records()
                .getFirst())) {
      assertEquals("2026-03-01T11:59:59.123Z", header(record, "ce_time"), record.topic());
      assertEquals("shop", header(record, "ns-canvas"), record.topic());
    }
  }

  @Test
  void children_stay_with_a_smaller_trace_also_where_none_could_be_built() {
    ProducerRecord<byte[], byte[]> child = new ProducerRecord<>(StreamedLog.EVENTS.topic(), null);
    ProducerRecord<byte[], byte[]> trace = new ProducerRecord<>(SimEvent.TRACES, null);
    for (List<ProducerRecord<byte[], byte[]>> records :
        List.of(List.of(child, child, trace), List.of(child, child))) {
      Waiting waiting =
          new Waiting(
              PARTITION,
              new Canvas("shop", 1, StreamedLog.EVENTS.topic(), "", false),
              EventEnvelope.read(EVENT, false));
      Move smaller =
          ScribeTest.endings()
              .refused(Move.handled(waiting, Outcome.COMPLETED, records), "too large", NOON);
      assertEquals(
          List.of(child.topic(), child.topic(), trace.topic()),
          smaller.records().stream().map(ProducerRecord::topic).toList());
    }
  }

  private static @Nullable String header(ProducerRecord<byte[], byte[]> record, String name) {
    @Nullable Header header = record.headers().lastHeader(name);
    return header == null ? null : new String(header.value(), UTF_8);
  }

  private static ConsumerRecord<byte[], byte[]> event() {
    ConsumerRecord<byte[], byte[]> event =
        new ConsumerRecord<>(
            StreamedLog.EVENTS.topic(),
            0,
            7,
            Instant.parse("2026-03-01T11:59:59.123Z").toEpochMilli(),
            TimestampType.CREATE_TIME,
            0,
            7,
            new byte[0],
            "payload".getBytes(UTF_8),
            new RecordHeaders(),
            Optional.empty());
    event.headers().add("ce_id", "e1".getBytes(UTF_8)).add("ce_type", "mail".getBytes(UTF_8));
    return event;
  }
}
