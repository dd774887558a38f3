package dev.nightshift.worker.internal.log;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;

/// Who reads what: balanced, with as few moves as possible, and cooperative: a partition that moves
/// is given to nobody until its owner has let it go. Pure.
final class MemoryAssignor {
  /// The order in which partitions are gone through everywhere.
  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  private final SequencedMap<MemoryMember, SortedSet<TopicPartition>> targets =
      new LinkedHashMap<>();

  private MemoryAssignor(Collection<MemoryMember> members) {
    members.forEach(m -> targets.put(m, new TreeSet<>(ORDER)));
  }

  /// What each member gets of these partitions.
  static Map<MemoryMember, SortedSet<TopicPartition>> assign(
      Collection<MemoryMember> members, SortedSet<TopicPartition> partitions) {
    MemoryAssignor assignor = new MemoryAssignor(members);
    assignor.keep(partitions);
    assignor.giveOut(partitions);
    assignor.balance();
    assignor.withhold();
    return assignor.targets;
  }

  private void keep(SortedSet<TopicPartition> partitions) {
    targets.forEach((member, target) ->
        member.owned().stream()
            .filter(p -> partitions.contains(p) && mayRead(member, p))
            .forEach(target::add));
  }

  private void giveOut(SortedSet<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      if (targets.values().stream().noneMatch(t -> t.contains(partition))) {
        leastLoaded(partition).ifPresent(m -> load(m).add(partition));
      }
    }
  }

  /// Each move brings two members nearer to each other, so this ends.
  private void balance() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (MemoryMember from : targets.keySet()) {
        for (TopicPartition partition : List.copyOf(load(from))) {
          Optional<MemoryMember> to =
              leastLoaded(partition).filter(m -> load(m).size() + 1 < load(from).size());
          if (to.isPresent()) {
            load(from).remove(partition);
            load(to.get()).add(partition);
            moved = true;
          }
        }
      }
    }
  }

  private void withhold() {
    targets.forEach((member, target) ->
        targets.keySet().stream()
            .filter(other -> other != member)
            .forEach(other -> target.removeAll(other.owned())));
  }

  private Optional<MemoryMember> leastLoaded(TopicPartition partition) {
    return targets.keySet().stream()
        .filter(m -> mayRead(m, partition))
        .min(Comparator.comparingInt(m -> load(m).size()));
  }

  private SortedSet<TopicPartition> load(MemoryMember member) {
    return targets.getOrDefault(member, new TreeSet<>(ORDER));
  }

  private static boolean mayRead(MemoryMember member, TopicPartition partition) {
    return member.subscription().contains(partition.topic());
  }
}
