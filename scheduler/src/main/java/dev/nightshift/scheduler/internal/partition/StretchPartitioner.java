package dev.nightshift.scheduler.internal.partition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;

/// Gives a topic's partitions a few records each in turn: each partition that a transaction writes
/// costs it a batch and a mark, so the few events that are due at once go into one, while many are
/// spread over all. Made by the producer; used by the one thread that sends.
public final class StretchPartitioner implements Partitioner {
  /// How many records go to a partition before the next one has its turn.
  static final int STRETCH = 32;

  private final Map<String, Integer> sent = new HashMap<>();

  @Override
  public void configure(Map<String, ?> settings) {
    // There is nothing to set.
  }

  @Override
  public int partition(
      String topic,
      @Nullable Object key,
      byte @Nullable [] keyBytes,
      @Nullable Object value,
      byte @Nullable [] valueBytes,
      Cluster cluster) {
    List<PartitionInfo> partitions = cluster.partitionsForTopic(topic);
    int number = sent.merge(topic, 1, (so, more) -> so + more & Integer.MAX_VALUE) - 1;
    // Partitions without a leader would hold up the transaction; they are passed over.
    List<PartitionInfo> available = cluster.availablePartitionsForTopic(topic);
    List<PartitionInfo> usable = available.isEmpty() ? partitions : available;
    return usable.get(Math.floorMod(number / STRETCH, usable.size())).partition();
  }

  @Override
  public void close() {
    // It holds nothing.
  }
}
