package dev.nightshift.cli.internal;

import dev.nightshift.common.Cluster;
import dev.nightshift.common.Readers;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads the audit once, up to its present end. What Kafka refuses or leaves unanswered is thrown
/// as a [dev.nightshift.common.FleetException]. Owned by one thread.
final class AuditReader {
  private static final Duration POLL = Duration.ofMillis(200);

  /// How much earlier than its record a change may have been noted, by clocks that differ.
  private static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  private final Cluster cluster;
  private final TopicPlan plan;
  private final TopicPartition partition;
  private final Filter filter;

  /// Which records are wanted.
  ///
  /// @param canvas only what is about this canvas or a queue of it
  /// @param since only what was noted then or later
  /// @param limit only as many, the newest
  record Filter(Optional<String> canvas, Optional<Instant> since, int limit) {
    boolean takes(AuditRecord record) {
      return canvas.map(name -> isAbout(record.getTarget(), name)).orElse(true)
          && since.map(start -> !record.getAt().isBefore(start)).orElse(true);
    }

    private static boolean isAbout(String target, String canvas) {
      return target.equals(canvas) || target.startsWith(canvas + "/");
    }
  }

  private AuditReader(Cluster cluster, TopicPlan plan, Filter filter) {
    this.cluster = cluster;
    this.plan = plan;
    this.partition = new TopicPartition(plan.audit(), 0);
    this.filter = filter;
  }

  /// The records, newest last. What this version cannot read is passed over.
  static List<AuditRecord> read(Map<String, Object> client, TopicPlan plan, Filter filter) {
    Cluster cluster = Cluster.of(client, Connection.ANSWER_MAX);
    try {
      KafkaConsumer<byte[], byte[]> consumer = Readers.open(client);
      try {
        return new AuditReader(cluster, plan, filter).read(consumer);
      } finally {
        Readers.close(consumer);
      }
    } catch (KafkaException e) {
      throw cluster.failure("read the audit in " + plan.audit(), e);
    }
  }

  private List<AuditRecord> read(KafkaConsumer<byte[], byte[]> consumer) {
    if (consumer.partitionsFor(plan.audit(), cluster.timeout()).isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no topic "
              + plan.audit()
              + " on "
              + cluster.bootstrap()
              + ". Check the address and the topic prefix ("
              + plan.prefix()
              + "); a new fleet's topics are made with: nightshift init");
    }
    consumer.assign(List.of(partition));
    start(consumer);
    Deque<AuditRecord> newest = new ArrayDeque<>();
    while (consumer.position(partition, cluster.timeout()) < end(consumer)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        decoded(record).filter(filter::takes).ifPresent(newest::addLast);
        if (newest.size() > filter.limit()) {
          newest.removeFirst();
        }
      }
    }
    return List.copyOf(newest);
  }

  private void start(KafkaConsumer<byte[], byte[]> consumer) {
    if (filter.since().isEmpty()) {
      consumer.seekToBeginning(List.of(partition));
      return;
    }
    long from = filter.since().get().minus(CLOCKS_MAX).toEpochMilli();
    @Nullable OffsetAndTimestamp first =
        consumer
            .offsetsForTimes(Map.of(partition, Math.max(0, from)), cluster.timeout())
            .get(partition);
    if (first == null) {
      consumer.seekToEnd(List.of(partition));
    } else {
      consumer.seek(partition, first.offset());
    }
  }

  // Asked each time: a cluster that is gone shows.
  private long end(KafkaConsumer<byte[], byte[]> consumer) {
    Long end = consumer.endOffsets(List.of(partition), cluster.timeout()).get(partition);
    return end == null ? 0 : end;
  }

  private static Optional<AuditRecord> decoded(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(RecordCodec.AUDIT.decode(record.value()));
    } catch (RecordCodec.UndecodableRecordException e) {
      return Optional.empty(); // somebody else's, or a newer version's
    }
  }
}
