package dev.nightshift.common.dead;

import dev.nightshift.common.Cluster;
import dev.nightshift.common.Readers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/// Reads ranges of partitions, committed records only. Owned by one thread.
final class LogReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /// A gap that is not longer is read over: to seek throws away what was fetched ahead.
  private static final long GAP_MAX = 2_000;

  private final Cluster cluster;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  LogReader(Map<String, Object> clientConfig, Cluster cluster) {
    this.cluster = cluster;
    this.consumer = Readers.open(clientConfig);
  }

  /// Reads what stands from one offset to below another, of several partitions at once.
  ///
  /// @throws TimeoutException if the cluster does not answer any more
  void read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Set<TopicPartition> unread = new HashSet<>();
    to.forEach((partition, end) -> {
      if (from.getOrDefault(partition, 0L) < end) {
        unread.add(partition);
      }
    });
    assign(unread);
    unread.forEach(partition -> consumer.seek(partition, from.getOrDefault(partition, 0L)));
    Silence silence = new Silence();
    while (!unread.isEmpty()) {
      silence
          .check(consumer.poll(POLL), unread)
          .forEach(record -> {
            if (record.offset() < to.getOrDefault(partition(record), 0L)) {
              each.accept(record);
            }
          });
      List<TopicPartition> read =
          unread.stream().filter(p -> position(p) >= to.getOrDefault(p, 0L)).toList();
      unread.removeAll(read.stream().collect(Collectors.toSet()));
      consumer.pause(read);
    }
  }

  /// Begins to read letters of one partition; [#next] goes on.
  void start(TopicPartition partition, long offset) {
    assign(Set.of(partition));
    consumer.seek(partition, offset);
  }

  /// The next records of the partition that [#start] named, some at least, unless there are none
  /// below `end`.
  ///
  /// @param skipTo no record below is wanted
  ConsumerRecords<byte[], byte[]> next(TopicPartition partition, long skipTo, long end) {
    if (skipTo - position(partition) > GAP_MAX) {
      consumer.seek(partition, skipTo);
    }
    Silence silence = new Silence();
    ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
    while (records.isEmpty() && position(partition) < end) {
      records = silence.check(consumer.poll(POLL), Set.of(partition));
    }
    return records;
  }

  private void assign(Set<TopicPartition> partitions) {
    consumer.assign(partitions);
    consumer.resume(partitions);
  }

  private long position(TopicPartition partition) {
    return consumer.position(partition, cluster.timeout());
  }

  private static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }

  /// A poll does not say that nobody answers; that nothing moves for long does.
  private final class Silence {
    private long heard = System.nanoTime();
    private long sum = -1;

    ConsumerRecords<byte[], byte[]> check(
        ConsumerRecords<byte[], byte[]> polled, Set<TopicPartition> partitions) {
      long now = System.nanoTime();
      long positions = partitions.stream().mapToLong(LogReader.this::position).sum();
      if (!polled.isEmpty() || positions != sum) {
        heard = now;
        sum = positions;
      } else if (now - heard > cluster.timeout().toNanos()) {
        throw new TimeoutException("no records came");
      }
      return polled;
    }
  }

  @Override
  public void close() {
    Readers.close(consumer);
  }
}
