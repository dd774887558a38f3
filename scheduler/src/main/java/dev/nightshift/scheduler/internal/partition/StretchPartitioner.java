package dev.nightshift.scheduler.internal.partition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;

/// Gives each writer partitions of its own as far as there are enough for all of them: a reader of
/// committed records gets nothing of a partition that stands behind another transaction which is
/// still open there, and of all writers together one is open all the time. A writer that has more
/// than one partition gives each a few records in turn: each that a transaction writes costs it a
/// batch and a mark, so the few events that are due at once go into one. All writers together use
/// all partitions alike.
///
/// Made by the producer; used by the one thread that sends.
public final class StretchPartitioner implements Partitioner {
  /// How many records go to a partition before the next one has its turn.
  static final int STRETCH = 32;

  private static final String WRITER = "nightshift.stretch.writer";
  private static final String WRITERS = "nightshift.stretch.writers";

  private final Map<String, Integer> sent = new HashMap<>();

  // Both are written before they are used.
  private int writer;
  private int writers = 1;

  /// For Kafka's producers.
  public StretchPartitioner() {}

  /// The settings that make a producer use it.
  ///
  /// @param writer its number among those that write at the same time, from 0
  /// @param writers how many they are
  static Map<String, Object> settings(int writer, int writers) {
    return Map.of("partitioner.class", StretchPartitioner.class, WRITER, writer, WRITERS, writers);
  }

  @Override
  public void configure(Map<String, ?> settings) {
    writer = (Integer) Objects.requireNonNull(settings.get(WRITER));
    writers = (Integer) Objects.requireNonNull(settings.get(WRITERS));
  }

  @Override
  public int partition(
      String topic,
      @Nullable Object key,
      byte @Nullable [] keyBytes,
      @Nullable Object value,
      byte @Nullable [] valueBytes,
      Cluster cluster) {
    int number = sent.merge(topic, 1, (so, more) -> so + more & Integer.MAX_VALUE) - 1;
    // Partitions without a leader would hold up the transaction; they are passed over.
    List<PartitionInfo> available = cluster.availablePartitionsForTopic(topic);
    int[] usable =
        (available.isEmpty() ? cluster.partitionsForTopic(topic) : available)
            .stream().mapToInt(PartitionInfo::partition).sorted().toArray();
    long turn = writer + (long) writers * (number / STRETCH);
    return usable[(int) (turn % usable.length)];
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
