package dev.nightshift.common;

import java.util.Map;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.Cluster;
import org.jspecify.annotations.Nullable;

/// Spreads events evenly over the partitions of their topic, so that those that are emitted one
/// after another do not wait for the same worker; and keeps what belongs to one event together on
/// the delayed topic, by its key. Made by Kafka's producers; safe for use by many threads.
public final class EventPartitioner implements Partitioner {
  /// The producer's setting that says which topic the delayed one is, see [TopicPlan#delayed].
  public static final String DELAYED_TOPIC = "nightshift.delayed.topic";

  private final RoundRobinPartitioner others = new RoundRobinPartitioner();

  /// Written before it is used.
  private String delayedTopic = "";

  /// For Kafka's producers.
  public EventPartitioner() {}

  /// The settings that make a producer use it.
  public static Map<String, Object> settings(TopicPlan plan) {
    return Map.of("partitioner.class", EventPartitioner.class, DELAYED_TOPIC, plan.delayed());
  }

  @Override
  public void configure(Map<String, ?> settings) {
    delayedTopic = String.valueOf(settings.get(DELAYED_TOPIC));
    others.configure(settings);
  }

  @Override
  public int partition(
      String topic,
      @Nullable Object key,
      byte @Nullable [] keyBytes,
      @Nullable Object value,
      byte @Nullable [] valueBytes,
      Cluster cluster) {
    return keyBytes != null && topic.equals(delayedTopic)
        ? DelayedKey.partition(keyBytes, cluster.partitionCountForTopic(topic))
        : others.partition(topic, key, keyBytes, value, valueBytes, cluster);
  }

  @Override
  public void close() {
    others.close();
  }
}
