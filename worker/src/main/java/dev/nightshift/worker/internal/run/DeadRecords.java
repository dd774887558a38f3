package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.Outcome;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Makes dead letters. Immutable, safe for use by many threads.
public final class DeadRecords {
  private final String topic;
  private final String writer;

  /// @param topic where dead letters go
  /// @param writer who writes them
  public DeadRecords(String topic, String writer) {
    this.topic = topic;
    this.writer = writer;
  }

  /// A dead letter: a record as it is, and why it is dead.
  ///
  /// @param more what else is said of it, in place of what it says itself
  public ProducerRecord<byte[], byte[]> record(
      ConsumerRecord<byte[], byte[]> record,
      Outcome outcome,
      String reason,
      Map<String, String> more) {
    Map<String, String> own = new TreeMap<>(more);
    own.put(EventHeaders.OUTCOME, outcome.label());
    own.put(EventHeaders.REASON, reason);
    own.put(EventHeaders.WRITER, writer);
    own.putIfAbsent(
        EventHeaders.ORIGIN, record.topic() + "/" + record.partition() + "/" + record.offset());
    Headers headers = headers(record, own);
    if (outcome != Outcome.UNDECODABLE) { // That stays as it came.
      EventTime.keep(headers, record);
    }
    return new ProducerRecord<>(topic, null, null, record.key(), record.value(), headers);
  }

  /// A dead letter that has no payload and says so: else it would look like one of an event that
  /// never had one, and be run again as such.
  public static ProducerRecord<byte[], byte[]> withoutPayload(
      ProducerRecord<byte[], byte[]> letter) {
    Headers headers = new RecordHeaders(letter.headers());
    headers.add(EventHeaders.PAYLOAD_LEFT, "true".getBytes(UTF_8));
    return new ProducerRecord<>(letter.topic(), null, null, null, null, headers);
  }

  /// A record's headers with others in their places.
  public static Headers headers(ConsumerRecord<byte[], byte[]> record, Map<String, String> own) {
    Headers headers = new RecordHeaders();
    for (Header header : record.headers()) {
      if (!own.containsKey(header.key())) {
        headers.add(header);
      }
    }
    own.forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    return headers;
  }
}
