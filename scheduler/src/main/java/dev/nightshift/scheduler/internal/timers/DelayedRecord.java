package dev.nightshift.scheduler.internal.timers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.Names;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What a record of the delayed topic says of the event of its key. Immutable.
sealed interface DelayedRecord {
  /// It is to be emitted.
  ///
  /// @param topic the canvas's topic when it was emitted, if that is said
  /// @param dueMicros when, in microseconds since 1970
  record Waiting(String canvas, Optional<String> topic, long dueMicros) implements DelayedRecord {}

  /// It is not to be emitted.
  ///
  /// @param actor who wants that
  record Cancel(String actor) implements DelayedRecord {}

  /// It has ended.
  ///
  /// @param through the records up to this offset are ended by it
  record End(long through) implements DelayedRecord {}

  /// It is no event.
  record Undecodable(String reason) implements DelayedRecord {}

  /// Reads a record.
  ///
  /// @param names those seen lately
  static DelayedRecord of(ConsumerRecord<byte[], byte[]> record, KnownNames names) {
    Optional<String> cancel = text(record, EventHeaders.CANCEL);
    if (cancel.isPresent()) {
      return new Cancel(cancel.get());
    }
    if (record.value() == null && !isEvent(record)) {
      return new End(through(record));
    }
    try {
      return waiting(record, EventEnvelope.read(record, false, names));
    } catch (EventEnvelope.UndecodableException e) {
      return new Undecodable(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isEvent(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(EventHeaders.TIMER_END) == null
        && record.headers().lastHeader(EventHeaders.DUE) != null;
  }

  private static DelayedRecord waiting(ConsumerRecord<byte[], byte[]> record, EventEnvelope event) {
    if (record.value() == null) {
      return new Undecodable(
          "it has no value, which the topic would forget: an event without a payload has an empty"
              + " one");
    }
    if (event.claimedCanvas().isEmpty()) {
      return new Undecodable("it has no header " + EventHeaders.CANVAS);
    }
    String canvas = event.claimedCanvas().get();
    if (!Arrays.equals((canvas + '/' + event.id()).getBytes(UTF_8), record.key())) {
      return new Undecodable(
          "its key is "
              + Names.quoted(new String(record.key(), UTF_8))
              + ", not its canvas and id: "
              + Names.quoted(canvas + '/' + event.id()));
    }
    String due = text(record, EventHeaders.DUE).orElse("");
    return new Waiting(
        canvas,
        text(record, EventHeaders.EVENTS_TOPIC),
        micros(EventTime.parse(due, EventHeaders.DUE)));
  }

  /// Whole microseconds since 1970, never earlier than the time itself.
  static long micros(Instant at) {
    return TimeUnit.SECONDS.toMicros(at.getEpochSecond()) + (at.getNano() + 999) / 1_000;
  }

  private static long through(ConsumerRecord<byte[], byte[]> record) {
    String said = text(record, EventHeaders.TIMER_ENDED_TO).orElse("");
    // Whoever removes a key by another tool ends all that was written before.
    return said.matches("[0-9]{1,18}") ? Long.parseLong(said) : record.offset();
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    byte @Nullable [] value = header == null ? null : header.value();
    return value == null ? Optional.empty() : Optional.of(new String(value, UTF_8));
  }
}
