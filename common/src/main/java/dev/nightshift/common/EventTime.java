package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// When events were emitted: their header [EventHeaders#TIME] says it, else their record's own
/// time. Any time of an event is of the years 1970 to 9999. Pure; safe for use by many threads.
public final class EventTime {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
  private static final long LAST_MILLIS = END.toEpochMilli() - 1;

  private EventTime() {}

  /// When an event was emitted.
  ///
  /// @param header the value of its header, if it has one
  /// @throws EventEnvelope.UndecodableException if that is no time
  static Instant of(byte @Nullable [] header, ConsumerRecord<byte[], byte[]> record) {
    return header == null ? stored(record) : parse(new String(header, UTF_8), EventHeaders.TIME);
  }

  /// The record's own time, moved into the years that there are: a topic may allow any.
  public static Instant stored(ConsumerRecord<byte[], byte[]> record) {
    long millis = Math.max(FIRST.toEpochMilli(), record.timestamp());
    return Instant.ofEpochMilli(Math.min(LAST_MILLIS, millis));
  }

  /// Has an event whose record is stored once more, at another time, say when it was emitted.
  ///
  /// @param headers of the new record; they have what those of the old one say
  public static void keep(Headers headers, ConsumerRecord<byte[], byte[]> record) {
    Header time = headers.lastHeader(EventHeaders.TIME);
    if (time == null || time.value() == null) {
      headers.add(EventHeaders.TIME, stored(record).toString().getBytes(US_ASCII));
    }
  }

  /// What a header says.
  ///
  /// @param header its name
  /// @throws EventEnvelope.UndecodableException if it is no time
  public static Instant parse(String text, String header) {
    try {
      Instant instant = Rfc3339.parse(text);
      if (!instant.isBefore(FIRST) && instant.isBefore(END)) {
        return instant;
      }
    } catch (DateTimeException e) {
      // said below
    }
    throw new EventEnvelope.UndecodableException(
        "its header "
            + header
            + " is "
            + Names.quoted(text)
            + ", which is no RFC 3339 time of the years 1970 to 9999");
  }
}
