package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TracePlace;
import dev.nightshift.common.record.Trace;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Makes records of traces, each within the bound of its size. Immutable, safe for use by many
/// threads.
public final class TraceRecords {
  private final String topic;
  private final int traceBytesMax;

  /// @param topic where traces go
  /// @param traceBytesMax the largest value; a larger trace gives up its parts one by one
  public TraceRecords(String topic, int traceBytesMax) {
    this.topic = topic;
    this.traceBytesMax = traceBytesMax;
  }

  /// A trace as a record. The trace itself is cut if it is too large.
  ///
  /// @param partitions how many the topic has; if that is not known the record names none
  public ProducerRecord<byte[], byte[]> record(Trace trace, OptionalInt partitions) {
    byte[] value = RecordCodec.TRACES.encode(trace);
    if (value.length > traceBytesMax) {
      value = cut(trace, value);
    }
    byte[] key = key(trace).getBytes(UTF_8);
    @Nullable Integer partition =
        partitions.isPresent() ? TracePlace.partitionOfKey(key, partitions.getAsInt()) : null;
    return new ProducerRecord<>(topic, partition, key, value);
  }

  private byte[] cut(Trace trace, byte[] whole) {
    byte[] value = whole;
    for (TraceCut cut : TraceCut.values()) {
      if (value.length > traceBytesMax && cut.apply(trace)) {
        value = RecordCodec.TRACES.encode(trace);
      }
    }
    return value;
  }

  /// A trace's key as text.
  static String key(Trace trace) {
    return TracePlace.key(trace.getCanvas(), trace.getEventId(), trace.getAttempt());
  }
}
