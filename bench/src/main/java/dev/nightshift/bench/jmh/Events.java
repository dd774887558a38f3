package dev.nightshift.bench.jmh;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.common.EventHeaders;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Event records with the headers that an emitter gives them.
final class Events {
  private static final String TOPIC = "b.events.";

  private Events() {}

  static String topic(String canvas) {
    return TOPIC + canvas;
  }

  static ProducerRecord<byte[], byte[]> emitted(String canvas, int partition, int number) {
    return new ProducerRecord<>(
        topic(canvas), partition, (byte[]) null, payload(number), headers(canvas, number));
  }

  static ConsumerRecord<byte[], byte[]> polled(String canvas, int partition, int number) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(topic(canvas), partition, number, null, payload(number));
    headers(canvas, number).forEach(record.headers()::add);
    return record;
  }

  private static byte[] payload(int number) {
    return new Payload(number, 0, 0).bytes();
  }

  private static List<Header> headers(String canvas, int number) {
    return List.of(
        header(EventHeaders.SPEC_VERSION, "1.0"),
        header(EventHeaders.ID, "01939c2e-5d3f-7c1a-9e00-" + (100_000_000_000L + number)),
        header(EventHeaders.TYPE, "work"),
        header(EventHeaders.SOURCE, "bench"),
        header(EventHeaders.TIME, "2026-11-26T02:20:44.123456Z"),
        header(EventHeaders.CANVAS, canvas));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }
}
