package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// What a record of the delayed topic says that ends the event of its key. Immutable.
///
/// @param how as [EventHeaders#TIMER_END] says it; empty of a record by another tool
/// @param through the records of the key up to this offset are ended by it. One that was written
///   behind that and before this record is not
public record DelayedEnd(String how, long through) {
  /// Reads a record.
  ///
  /// @return empty if it ends nothing
  public static Optional<DelayedEnd> of(ConsumerRecord<byte[], byte[]> record) {
    if (record.serializedValueSize() >= 0
        || record.headers().lastHeader(EventHeaders.CANCEL) != null) {
      return Optional.empty();
    }
    long through =
        text(record, EventHeaders.TIMER_ENDED_TO)
            .filter(said -> said.matches("[0-9]{1,18}"))
            .map(Long::parseLong)
            .orElse(record.offset());
    return Optional.of(new DelayedEnd(text(record, EventHeaders.TIMER_END).orElse(""), through));
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, UTF_8));
  }
}
