package dev.nightshift.cli.internal.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;

/// Gives partitions more copies. Pure.
///
/// @param brokers the ids of those that there are
/// @param wanted how many copies, at most as many as there are brokers
record Copies(List<Integer> brokers, int wanted) {
  /// The command that does it, with what is to be copied where.
  String command(List<TopicDescription> topics, String options) {
    String partitions =
        topics.stream()
            .flatMap(topic -> topic.partitions().stream().map(each -> partition(topic, each)))
            .collect(Collectors.joining(","));
    return "echo '{\"version\":1,\"partitions\":["
        + partitions
        + "]}' > copies.json && kafka-reassign-partitions.sh "
        + options
        + " --reassignment-json-file copies.json --execute";
  }

  private String partition(TopicDescription topic, TopicPartitionInfo partition) {
    return "{\"topic\":\"%s\",\"partition\":%d,\"replicas\":%s}"
        .formatted(
            topic.name(), partition.partition(), replicas(partition).toString().replace(" ", ""));
  }

  // Those that have it keep it; the others take turns, so that no broker gets all.
  List<Integer> replicas(TopicPartitionInfo partition) {
    List<Integer> replicas = new ArrayList<>();
    partition.replicas().stream().map(Node::id).forEach(replicas::add);
    for (int i = 0; i < brokers.size() && replicas.size() < wanted; i++) {
      Integer next = brokers.get((partition.partition() + i) % brokers.size());
      if (!replicas.contains(next)) {
        replicas.add(next);
      }
    }
    return replicas;
  }
}
