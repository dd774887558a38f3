package dev.nightshift.scheduler.internal.timers;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What is written at once because of one event. Immutable.
public sealed interface Act {
  /// What is written, in this order.
  List<ProducerRecord<byte[], byte[]>> records();

  /// What it takes on the wire, roughly.
  long bytes();

  /// An event is emitted.
  ///
  /// @param dueMicros when it was due
  record Fire(Timer timer, long dueMicros, List<ProducerRecord<byte[], byte[]>> records, long bytes)
      implements Act {}

  /// An event is ended, or written once more.
  ///
  /// @param through see [Doomed#through]
  /// @param how for people and metrics: `cancelled` and so on
  record End(long through, String how, List<ProducerRecord<byte[], byte[]>> records, long bytes)
      implements Act {}
}
