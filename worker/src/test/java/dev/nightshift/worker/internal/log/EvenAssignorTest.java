package dev.nightshift.worker.internal.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class EvenAssignorTest {
  private final Map<String, Integer> topics = new TreeMap<>();
  private final Map<String, Set<TopicPartition>> owned = new TreeMap<>();
  private int generation;

  @Test
  void eachTopicIsSharedOutEvenly() {
    topics.put("retry", 8);
    topics.put("events", 6);
    owned.put("a", Set.of());
    owned.put("b", Set.of());
    settle();
    assertEquals(4, count("a", "retry"));
    assertEquals(4, count("b", "retry"));
    assertEquals(3, count("a", "events"));
    assertEquals(3, count("b", "events"));
  }

  @Test
  void whatIsLeftOverGoesRound() {
    for (int i = 0; i < 10; i++) {
      topics.put("t" + i, 1);
    }
    for (String member : List.of("a", "b", "c")) {
      owned.put(member, Set.of());
    }
    settle();
    assertEquals(List.of(3, 3, 4), owned.values().stream().map(Set::size).sorted().toList());
  }

  @Test
  void aMemberThatComesGetsItsShareAndNothingElseMoves() {
    topics.put("events", 6);
    topics.put("retry", 8);
    owned.put("a", Set.of());
    owned.put("b", Set.of());
    settle();
    Map<String, Set<TopicPartition>> before = new HashMap<>(owned);
    owned.put("c", Set.of());
    settle();
    assertTrue(of(before, "a").containsAll(of(owned, "a")));
    assertTrue(of(before, "b").containsAll(of(owned, "b")));
    assertEquals(List.of(4, 5, 5), owned.values().stream().map(Set::size).sorted().toList());
  }

  @Test
  void whoWasLastInTheGroupOwnsWhatTwoClaim() {
    topics.put("events", 2);
    TopicPartition first = new TopicPartition("events", 0);
    TopicPartition second = new TopicPartition("events", 1);
    Map<String, Subscription> members =
        Map.of(
            "stale", subscription(List.of(first, second), 3),
            "fresh", subscription(List.of(first), 4));
    Map<String, Set<TopicPartition>> assigned = assign(members);
    assertEquals(Set.of(first), assigned.get("fresh"));
    assertEquals(Set.of(second), assigned.get("stale"));
  }

  @Test
  void aTopicThatDoesNotExistYetIsPassedOver() {
    topics.put("events", 1);
    Subscription subscription = new Subscription(List.of("events", "not-yet"));
    assertEquals(
        Map.of("a", Set.of(new TopicPartition("events", 0))), assign(Map.of("a", subscription)));
  }

  @TestFactory
  Stream<DynamicTest> staysEvenAndCalmWhateverComesAndGoes() {
    return LongStream.range(0, 100)
        .mapToObj(seed ->
            DynamicTest.dynamicTest("seed " + seed, () -> new EvenAssignorTest().run(seed)));
  }

  private void run(long seed) {
    Random random = new Random(seed);
    owned.put("m0", Set.of());
    topics.put("t0", 1 + random.nextInt(12));
    for (int step = 1; step < 60; step++) {
      switch (random.nextInt(5)) {
        case 0, 1 -> owned.put("m" + step, Set.of());
        case 2 -> {
          if (owned.size() > 1) {
            owned.remove(List.copyOf(owned.keySet()).get(random.nextInt(owned.size())));
          }
        }
        case 3 -> topics.put("t" + step, 1 + random.nextInt(12));
        default -> {
          String topic = List.copyOf(topics.keySet()).get(random.nextInt(topics.size()));
          topics.merge(topic, random.nextInt(5), Integer::sum);
        }
      }
      settle();
      check();
    }
  }

  private void check() {
    int all = topics.values().stream().mapToInt(i -> i).sum();
    assertEquals(all, owned.values().stream().mapToInt(Set::size).sum());
    for (String topic : topics.keySet()) {
      List<Integer> counts = owned.keySet().stream().map(m -> count(m, topic)).sorted().toList();
      assertTrue(counts.getLast() - counts.getFirst() <= 1, topic + ": " + counts);
    }
    List<Integer> sizes = owned.values().stream().map(Set::size).sorted().toList();
    assertTrue(sizes.getLast() - sizes.getFirst() <= 1, sizes.toString());
    Map<String, Set<TopicPartition>> before = new HashMap<>(owned);
    settle();
    assertEquals(before, owned, "nothing moves when nothing has changed");
  }

  // Rebalances until nothing moves any more: mostly once to take and once to give.
  private void settle() {
    for (int round = 0; round < 4; round++) {
      generation++;
      Map<String, Subscription> members = new HashMap<>();
      owned.forEach(
          (member, has) -> members.put(member, subscription(new ArrayList<>(has), generation)));
      Map<String, Set<TopicPartition>> next = assign(members);
      Set<TopicPartition> given = new HashSet<>();
      Set<TopicPartition> taken = new HashSet<>();
      next.forEach((member, share) -> {
        for (TopicPartition partition : share) {
          if (!of(owned, member).contains(partition)) {
            assertTrue(given.add(partition), partition + " is given to two");
          }
        }
        of(owned, member).stream().filter(p -> !share.contains(p)).forEach(taken::add);
      });
      given.retainAll(taken);
      assertEquals(Set.of(), given, "given before it was taken");
      owned.putAll(next);
    }
  }

  private static Set<TopicPartition> of(Map<String, Set<TopicPartition>> shares, String member) {
    return shares.getOrDefault(member, Set.of());
  }

  private int count(String member, String topic) {
    return (int) of(owned, member).stream().filter(each -> each.topic().equals(topic)).count();
  }

  private Subscription subscription(List<TopicPartition> has, int lastGeneration) {
    return new Subscription(
        List.copyOf(topics.keySet()), null, has, lastGeneration, Optional.empty());
  }

  private Map<String, Set<TopicPartition>> assign(Map<String, Subscription> members) {
    List<PartitionInfo> infos = new ArrayList<>();
    topics.forEach((topic, count) -> {
      for (int i = 0; i < count; i++) {
        infos.add(new PartitionInfo(topic, i, Node.noNode(), new Node[0], new Node[0]));
      }
    });
    Cluster cluster = new Cluster("c", List.of(), infos, Set.of(), Set.of());
    Map<String, Set<TopicPartition>> assigned = new TreeMap<>();
    new EvenAssignor()
        .assign(cluster, new GroupSubscription(members))
        .groupAssignment()
        .forEach(
            (member, assignment) -> assigned.put(member, new HashSet<>(assignment.partitions())));
    return assigned;
  }
}
