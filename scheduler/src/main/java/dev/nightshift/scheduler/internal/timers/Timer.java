package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// An event that waits for its time, without its payload. Immutable.
///
/// @param key what tells it from all others of its partition
/// @param dueMicros when it is to be emitted, in microseconds since 1970
/// @param offset where its record stands
/// @param target where it goes, see [Targets]
/// @param bytes what its record takes in memory, roughly
public record Timer(KeyHash key, long dueMicros, long offset, int target, int bytes) {
  private static final int RECORD_BYTES = 600;
  private static final int HEADER_BYTES = 80;

  /// What a record takes in memory, roughly.
  static int bytes(ConsumerRecord<byte[], byte[]> record) {
    long sum = RECORD_BYTES + record.key().length;
    sum += record.value() == null ? 0 : record.value().length;
    for (Header header : record.headers()) {
      sum += HEADER_BYTES + header.key().length();
      sum += header.value() == null ? 0 : header.value().length;
    }
    return (int) Math.min(Integer.MAX_VALUE, sum);
  }

  /// The same, at another time.
  Timer at(long micros) {
    return new Timer(key, micros, offset, target, bytes);
  }
}
