package dev.nightshift.worker.internal.log;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/// The workers' group: members, generations and who reads what, by the rules of Kafka's classic
/// protocol with cooperative assignment. Owned by the cluster's thread.
///
/// A rebalance begins when a member comes or goes, changes its subscription, has given partitions
/// up, or finds that a topic came, went or grew; it completes when every member has polled since.
final class MemoryGroup {
  private final SequencedSet<MemoryMember> members = new LinkedHashSet<>();
  private SortedMap<String, Integer> topicsSeen = new TreeMap<>();
  private int generation;
  private boolean rebalancing;

  SequencedSet<MemoryMember> members() {
    return members;
  }

  int generation() {
    return generation;
  }

  boolean rebalancing() {
    return rebalancing;
  }

  /// Lets a rebalance begin, unless one is under way.
  void rebalance() {
    if (!rebalancing) {
      rebalancing = true;
      members.forEach(m -> m.joining(false));
    }
  }

  /// The member leaves, or is expelled.
  void remove(MemoryMember member) {
    if (members.remove(member)) {
      rebalance();
    }
  }

  /// Expels those who have been silent for too long.
  void expel(Predicate<MemoryMember> silent) {
    members.stream().filter(silent).toList().forEach(this::remove);
  }

  /// A member's poll: it takes part in a rebalance.
  ///
  /// @param topics all topics with their number of partitions
  /// @return whether the member enters a new generation and must look at its assignment
  boolean turn(MemoryMember member, SortedMap<String, Integer> topics) {
    boolean wanted = member.takeWantsRebalance();
    if (members.add(member) || wanted || !subscribed(topics).equals(topicsSeen)) {
      rebalance();
    }
    if (rebalancing) {
      member.joining(true);
      if (members.stream().allMatch(MemoryMember::joining)) {
        complete(topics);
      }
    }
    if (rebalancing || member.generation() == generation) {
      return false;
    }
    member.enter(generation);
    return true;
  }

  /// Why this member may not commit now, if it may not. As in Kafka's classic protocol, that is
  /// also refused between joining a rebalance and hearing of its outcome.
  Optional<String> refusal(MemoryMember member) {
    return refusal(member, member.generation())
        .or(() -> member.joining() ? Optional.of("a rebalance is under way") : Optional.empty());
  }

  /// Why what this member sends in a transaction that began in this generation may not be written
  /// now, if it may not.
  Optional<String> refusal(MemoryMember member, int began) {
    if (!members.contains(member)) {
      return Optional.of(member.worker() + " is not a member of the group");
    }
    return began == generation
        ? Optional.empty()
        : Optional.of(
            "generation %d of %s is not the group's, which is %d"
                .formatted(began, member.worker(), generation));
  }

  private void complete(SortedMap<String, Integer> topics) {
    rebalancing = false;
    generation++;
    topicsSeen = subscribed(topics);
    SortedSet<TopicPartition> partitions = new TreeSet<>(MemoryAssignor.ORDER);
    topicsSeen.forEach((topic, count) -> {
      for (int i = 0; i < count; i++) {
        partitions.add(new TopicPartition(topic, i));
      }
    });
    Map<MemoryMember, SortedSet<TopicPartition>> targets =
        MemoryAssignor.assign(members, partitions);
    targets.forEach(MemoryMember::assign);
  }

  private SortedMap<String, Integer> subscribed(SortedMap<String, Integer> topics) {
    SortedMap<String, Integer> found = new TreeMap<>(topics);
    found.keySet().removeIf(t -> members.stream().noneMatch(m -> m.subscription().contains(t)));
    return found;
  }
}
