package dev.nightshift.cli.internal.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class CopiesTest {
  @Test
  void who_has_a_partition_keeps_it_and_the_others_take_turns() {
    TopicDescription topic =
        new TopicDescription(
            "nightshift.retry",
            false,
            IntStream.range(0, 4).mapToObj(number -> partition(number, 1 + number % 2)).toList());
    assertEquals(
        "echo '{\"version\":1,\"partitions\":["
            + "{\"topic\":\"nightshift.retry\",\"partition\":0,\"replicas\":[1,2,3]},"
            + "{\"topic\":\"nightshift.retry\",\"partition\":1,\"replicas\":[2,3,4]},"
            + "{\"topic\":\"nightshift.retry\",\"partition\":2,\"replicas\":[1,3,4]},"
            + "{\"topic\":\"nightshift.retry\",\"partition\":3,\"replicas\":[2,4,1]}]}'"
            + " > copies.json && kafka-reassign-partitions.sh --bootstrap-server k:1"
            + " --reassignment-json-file copies.json --execute",
        new Copies(List.of(1, 2, 3, 4), 3).command(List.of(topic), "--bootstrap-server k:1"));
  }

  private static TopicPartitionInfo partition(int number, int broker) {
    Node node = new Node(broker, "k", 1);
    return new TopicPartitionInfo(number, node, List.of(node), List.of(node));
  }
}
