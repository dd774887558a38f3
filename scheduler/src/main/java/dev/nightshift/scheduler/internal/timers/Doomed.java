package dev.nightshift.scheduler.internal.timers;

import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// An event that is to be ended now. Owned by the thread of its partition.
final class Doomed {
  private final Fate fate;
  private final long through;
  private final OptionalLong offset;
  private @Nullable ConsumerRecord<byte[], byte[]> record;
  private Told told = Told.WHOLE;

  /// How much is told of its end: less each time that Kafka refuses it for good.
  enum Told {
    WHOLE,
    /// Its dead letter has no payload.
    WITHOUT_PAYLOAD,
    TRACE,
    /// Only that it has ended.
    NOTHING
  }

  /// @param through the records of its key up to this offset end with it; no two have the same
  /// @param offset where the event's own record stands; empty if it is not needed
  /// @param record that record, if it is there already
  Doomed(
      Fate fate,
      long through,
      OptionalLong offset,
      @Nullable ConsumerRecord<byte[], byte[]> record) {
    this.fate = fate;
    this.through = through;
    this.offset = offset;
    this.record = record;
  }

  Fate fate() {
    return fate;
  }

  long through() {
    return through;
  }

  OptionalLong offset() {
    return offset;
  }

  /// The event's own record, once it was read.
  Optional<ConsumerRecord<byte[], byte[]>> record() {
    return Optional.ofNullable(record);
  }

  void loaded(ConsumerRecord<byte[], byte[]> read) {
    this.record = read;
  }

  boolean isReady() {
    return offset.isEmpty() || record != null;
  }

  Told told() {
    return told;
  }

  /// Kafka refuses what belongs to it.
  void tellLess() {
    told =
        switch (told) {
          case WHOLE -> fate.hasLetter() ? Told.WITHOUT_PAYLOAD : Told.NOTHING;
          case WITHOUT_PAYLOAD -> Told.TRACE;
          case TRACE, NOTHING -> Told.NOTHING;
        };
  }
}
