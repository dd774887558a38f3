package dev.nightshift.scheduler.internal.partition;

import dev.nightshift.scheduler.internal.crons.CronDesk;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What a partition's thread is told. Immutable.
public sealed interface Message {
  /// More was read of the partition.
  ///
  /// @param readTo all below this offset was read
  record Read(List<ConsumerRecord<byte[], byte[]>> records, long readTo) implements Message {}

  /// The partition is this scheduler's.
  record Own() implements Message {}

  /// It is not any more.
  ///
  /// @param released counted down when nothing of it is written any more
  record Release(CountDownLatch released) implements Message {}

  /// What was asked for of the log.
  ///
  /// @param request the number of the request
  /// @param missing the offsets where there is nothing
  /// @param over whether no more comes of this request; what has not come was too much for it
  record Loaded(
      long request, List<ConsumerRecord<byte[], byte[]>> records, List<Long> missing, boolean over)
      implements Message {}

  /// It is known whether an event has ended that a cron's next tick waits for.
  ///
  /// @param running whether it has not
  record Answered(CronDesk.Question question, boolean running) implements Message {}

  /// The control log or the topic of schedules has changed.
  record ControlChanged() implements Message {}

  /// The thread is to end.
  record Stop() implements Message {}
}
