package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.record.WorkerRecord;
import dev.nightshift.common.record.WorkerState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The topic in which the workers say that they live, followed.
public final class WorkersLog {
  private WorkersLog() {}

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws FleetException.Unreachable if the cluster does not answer in time
  /// @throws FleetException.NotInitialized if there is no such topic
  public static FollowedLog<WorkersView> start(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    return FollowedLog.start(
        clientConfig,
        plan,
        new FollowedLog.Source<>(
            "workers' topic", plan.workers(), WorkersView.EMPTY, WorkersLog::read),
        timeout);
  }

  /// What a worker says of itself, to be written. The time in it is the broker's to set.
  public static ProducerRecord<byte[], byte[]> record(TopicPlan plan, WorkerBeat beat) {
    List<String> handlers = new ArrayList<>();
    beat.handlers().stream()
        .sorted(Comparator.naturalOrder())
        .forEach(each -> handlers.add(each.toString()));
    WorkerRecord record =
        new WorkerRecord(
            beat.worker(),
            beat.host(),
            WorkerState.valueOf(beat.state().toUpperCase(Locale.ROOT)),
            beat.startedAt(),
            beat.slots(),
            beat.running(),
            beat.controlOffset(),
            handlers,
            beat.version(),
            beat.partitions());
    return new ProducerRecord<>(
        plan.workers(), beat.worker().getBytes(UTF_8), RecordCodec.WORKERS.encode(record));
  }

  /// That a worker has left.
  public static ProducerRecord<byte[], byte[]> gone(TopicPlan plan, String worker) {
    return new ProducerRecord<>(plan.workers(), worker.getBytes(UTF_8), null);
  }

  private static WorkersView read(
      WorkersView before,
      Iterable<ConsumerRecord<byte[], byte[]>> records,
      BiConsumer<String, Optional<String>> read) {
    WorkersView next = before;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String worker = record.key() == null ? "" : new String(record.key(), UTF_8);
      try {
        next =
            record.value() == null
                ? next.without(worker)
                : next.with(
                    beat(
                        RecordCodec.WORKERS.decode(record.value()),
                        Instant.ofEpochMilli(record.timestamp())));
        read.accept(worker, Optional.empty());
      } catch (RecordCodec.UndecodableRecordException e) {
        read.accept(worker, Optional.of(String.valueOf(e.getMessage())));
      }
    }
    return next;
  }

  private static WorkerBeat beat(WorkerRecord record, Instant at) {
    Set<QueueName> handlers = new HashSet<>();
    for (String handler : record.getHandlers()) {
      int slash = handler.indexOf('/');
      handlers.add(new QueueName(handler.substring(0, slash), handler.substring(slash + 1)));
    }
    return new WorkerBeat(
        record.getWorker(),
        record.getHost(),
        record.getState().name().toLowerCase(Locale.ROOT),
        record.getStartedAt(),
        record.getSlots(),
        record.getRunning(),
        record.getControlOffset(),
        handlers,
        record.getVersion(),
        record.getPartitions(),
        at);
  }
}
