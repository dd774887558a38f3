package dev.nightshift.scheduler.internal.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StretchPartitionerTest {
  private static final Node BROKER = new Node(1, "localhost", 9092);

  private final StretchPartitioner partitioner = new StretchPartitioner();

  private static PartitionInfo partition(int number, @Nullable Node leader) {
    return new PartitionInfo("events", number, leader, new Node[0], new Node[0]);
  }

  private static Cluster cluster(List<PartitionInfo> partitions) {
    return new Cluster("c", List.of(BROKER), partitions, Set.of(), Set.of());
  }

  private List<Integer> next(int count, Cluster cluster) {
    List<Integer> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(partitioner.partition("events", null, null, null, null, cluster));
    }
    return partitions;
  }

  @Test
  void a_few_records_go_to_one_partition_and_many_to_all_alike() {
    Cluster three = cluster(IntStream.range(0, 3).mapToObj(p -> partition(p, BROKER)).toList());
    assertEquals(Set.of(0), Set.copyOf(next(StretchPartitioner.STRETCH, three)));
    assertEquals(Set.of(1), Set.copyOf(next(StretchPartitioner.STRETCH, three)));
    Map<Integer, Integer> counts = new TreeMap<>();
    next(300 * StretchPartitioner.STRETCH, three)
        .forEach(partition -> counts.merge(partition, 1, Integer::sum));
    int each = 100 * StretchPartitioner.STRETCH;
    assertEquals(Map.of(0, each, 1, each, 2, each), counts);
  }

  @Test
  void a_partition_without_a_leader_is_passed_over() {
    Cluster one = cluster(List.of(partition(0, null), partition(1, BROKER)));
    assertEquals(Set.of(1), Set.copyOf(next(100, one)));
  }
}
