package dev.nightshift.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.common.EventHeaders;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;

/// Event records with the headers that an emitter gives them.
final class Events {
  private static final String TOPIC = "b.events.";
  private static final long EMITTED_MILLIS = 1_764_000_000_000L;

  private Events() {}

  static String topic(String canvas) {
    return TOPIC + canvas;
  }

  static ProducerRecord<byte[], byte[]> emitted(String canvas, int partition, int number) {
    return new ProducerRecord<>(
        topic(canvas), partition, EMITTED_MILLIS, (byte[]) null, payload(number), headers(number));
  }

  static ConsumerRecord<byte[], byte[]> polled(String canvas, int partition, int number) {
    ProducerRecord<byte[], byte[]> record = emitted(canvas, partition, number);
    return new ConsumerRecord<>(
        record.topic(),
        partition,
        number,
        EMITTED_MILLIS,
        TimestampType.CREATE_TIME,
        ConsumerRecord.NULL_SIZE,
        Payload.BYTES,
        null,
        record.value(),
        record.headers(),
        Optional.empty());
  }

  private static byte[] payload(int number) {
    return new Payload(number, 0, 0).bytes();
  }

  private static List<Header> headers(int number) {
    return List.of(
        header(EventHeaders.SPEC_VERSION, "1.0"),
        header(EventHeaders.ID, "01939c2e-5d3f-7c1a-9e00-" + (100_000_000_000L + number)),
        header(EventHeaders.TYPE, "work"),
        header(EventHeaders.SOURCE, "bench"));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
