package dev.nightshift.scheduler.internal.partition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StretchPartitionerTest {
  private static final Node BROKER = new Node(1, "localhost", 9092);

  private final StretchPartitioner partitioner = writer(0, 1);

  private static StretchPartitioner writer(int number, int of) {
    StretchPartitioner made = new StretchPartitioner();
    made.configure(StretchPartitioner.settings(number, of));
    return made;
  }

  private static PartitionInfo partition(int number, @Nullable Node leader) {
    return new PartitionInfo("events", number, leader, new Node[0], new Node[0]);
  }

  private static Cluster cluster(List<PartitionInfo> partitions) {
    return new Cluster("c", List.of(BROKER), partitions, Set.of(), Set.of());
  }

  private static Cluster whole(int partitions) {
    return cluster(IntStream.range(0, partitions).mapToObj(p -> partition(p, BROKER)).toList());
  }

  // Each producer has its own order.
  private static Cluster inAnyOrder(int partitions, Random random) {
    List<PartitionInfo> all = new ArrayList<>();
    IntStream.range(0, partitions).forEach(p -> all.add(partition(p, BROKER)));
    Collections.shuffle(all, random);
    return cluster(all);
  }

  private List<Integer> next(int count, Cluster cluster) {
    return next(partitioner, count, cluster);
  }

  private static List<Integer> next(StretchPartitioner partitioner, int count, Cluster cluster) {
    List<Integer> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(partitioner.partition("events", null, null, null, null, cluster));
    }
    return partitions;
  }

  @Test
  void a_few_records_go_to_one_partition_and_many_to_all_alike() {
    Cluster three = whole(3);
    assertEquals(Set.of(0), Set.copyOf(next(StretchPartitioner.STRETCH, three)));
    assertEquals(Set.of(1), Set.copyOf(next(StretchPartitioner.STRETCH, three)));
    Map<Integer, Integer> counts = new TreeMap<>();
    next(300 * StretchPartitioner.STRETCH, three)
        .forEach(partition -> counts.merge(partition, 1, Integer::sum));
    int each = 100 * StretchPartitioner.STRETCH;
    assertEquals(Map.of(0, each, 1, each, 2, each), counts);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 12, 13})
  void writers_that_have_written_as_much_are_never_on_the_same_partition(int partitions) {
    Random random = new Random(1);
    List<StretchPartitioner> writers = IntStream.range(0, 6).mapToObj(i -> writer(i, 6)).toList();
    for (int stretch = 0; stretch < 30; stretch++) {
      Set<Integer> theirs = new TreeSet<>();
      writers.forEach(each ->
          theirs.addAll(next(each, StretchPartitioner.STRETCH, inAnyOrder(partitions, random))));
      assertEquals(6, theirs.size(), () -> "they write to " + theirs);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 7, 12, 16})
  void together_they_use_all_partitions_alike(int partitions) {
    Cluster cluster = whole(partitions);
    Map<Integer, Integer> counts = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      next(writer(i, 6), 16 * 21 * StretchPartitioner.STRETCH, cluster)
          .forEach(partition -> counts.merge(partition, 1, Integer::sum));
    }
    int each = 6 * 16 * 21 * StretchPartitioner.STRETCH / partitions;
    assertEquals(Set.of(each), Set.copyOf(counts.values()));
    assertEquals(partitions, counts.size());
  }

  @Test
  void a_partition_without_a_leader_is_passed_over() {
    Cluster one = cluster(List.of(partition(0, null), partition(1, BROKER)));
    assertEquals(Set.of(1), Set.copyOf(next(100, one)));
  }
}
