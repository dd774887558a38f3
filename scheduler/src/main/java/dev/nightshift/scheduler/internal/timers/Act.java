package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPlan;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What is written at once because of one event, or of one cron. Immutable.
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

  /// A cron has ticked: its events are emitted, and how far it is.
  ///
  /// @param plan what is true once it is written
  record Tick(
      CronName cron, CronPlan plan, List<ProducerRecord<byte[], byte[]>> records, long bytes)
      implements Act {}
}
