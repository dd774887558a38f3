package dev.nightshift.common;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// Waits until the leaders of new partitions serve them. A topic is known a moment before.
///
/// A producer that writes in that moment has several batches on their way: if a leader refuses only
/// the first, it begins with the second and refuses the first for ever after
/// (`OUT_OF_ORDER_SEQUENCE_NUMBER`), until its events time out.
record TopicLeaders(Cluster cluster, Admin admin) {

  /// Waits for all partitions, within the cluster's time for one answer.
  ///
  /// @param topics how many partitions each has
  void await(Map<String, Integer> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    topics.forEach((topic, partitions) -> {
      for (int i = 0; i < partitions; i++) {
        ends.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
    });
    // The client asks again where a leader does not serve yet.
    cluster.ask("reach the leaders of new topics", () -> admin.listOffsets(ends).all());
  }
}
