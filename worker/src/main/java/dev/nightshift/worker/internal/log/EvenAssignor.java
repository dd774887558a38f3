package dev.nightshift.worker.internal.log;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/// Shares out each topic evenly over the workers, and moves as little as that allows.
///
/// Kafka's own sticky assignors even out the *number* of partitions, whatever their topics: of two
/// workers one may get all retry partitions and the other all of the only busy canvas. Here each
/// worker gets the same number of partitions of each topic, give or take one, and those that are
/// left over go round so that each gets the same number of them in all.
///
/// Cooperative: a partition that moves is first taken from its owner and given away in the next
/// rebalance, which the former owner asks for. Made by Kafka's consumer from its class name; pure.
public final class EvenAssignor implements ConsumerPartitionAssignor {
  @Override
  public String name() {
    return "nightshift-even";
  }

  @Override
  public List<RebalanceProtocol> supportedProtocols() {
    return List.of(RebalanceProtocol.COOPERATIVE);
  }

  @Override
  public GroupAssignment assign(Cluster metadata, GroupSubscription group) {
    Map<String, Subscription> members = group.groupSubscription();
    Map<String, Integer> partitions = new TreeMap<>();
    for (Subscription subscription : members.values()) {
      for (String topic : subscription.topics()) {
        Integer count = metadata.partitionCountForTopic(topic);
        if (count != null) {
          partitions.put(topic, count);
        }
      }
    }
    Map<String, Set<TopicPartition>> shares = new Sharing(members, partitions).shares();
    Map<TopicPartition, Set<String>> owners = owners(members);
    Map<String, Assignment> assignments = new HashMap<>();
    shares.forEach((member, share) -> {
      // What another one still has comes in the next rebalance.
      share.removeIf(partition -> {
        Set<String> holding = owners.getOrDefault(partition, Set.of());
        return !holding.isEmpty() && !holding.contains(member);
      });
      assignments.put(member, new Assignment(new ArrayList<>(share)));
    });
    return new GroupAssignment(assignments);
  }

  private static Map<TopicPartition, Set<String>> owners(Map<String, Subscription> members) {
    Map<TopicPartition, Set<String>> owners = new HashMap<>();
    members.forEach((member, subscription) ->
        subscription
            .ownedPartitions()
            .forEach(each -> owners.computeIfAbsent(each, p -> new HashSet<>()).add(member)));
    return owners;
  }

  /// One computation of who gets what.
  private static final class Sharing {
    private final Map<String, Subscription> members;
    private final Map<String, Integer> partitions;
    private final Map<String, List<String>> sharers = new HashMap<>();
    private final Map<TopicPartition, String> owner = new HashMap<>();
    private final Map<String, Map<String, Integer>> owned = new HashMap<>();
    // The topics of which a member gets one more than the others.
    private final Map<String, Set<String>> leftovers = new HashMap<>();

    Sharing(Map<String, Subscription> members, Map<String, Integer> partitions) {
      this.members = new TreeMap<>(members);
      this.partitions = partitions;
      this.members.forEach((member, subscription) ->
          new TreeSet<>(subscription.topics())
              .forEach(
                  topic -> sharers.computeIfAbsent(topic, name -> new ArrayList<>()).add(member)));
      claims();
      owner.forEach((partition, member) ->
          owned
              .computeIfAbsent(partition.topic(), name -> new HashMap<>())
              .merge(member, 1, Integer::sum));
    }

    // Of two that say they own the same, the one that was last in the group is right.
    private void claims() {
      Map<TopicPartition, Integer> generations = new HashMap<>();
      members.forEach((member, subscription) -> {
        int generation = subscription.generationId().orElse(-1);
        for (TopicPartition partition : subscription.ownedPartitions()) {
          int known = generations.getOrDefault(partition, Integer.MIN_VALUE);
          if (generation > known) {
            generations.put(partition, generation);
            owner.put(partition, member);
          }
        }
      });
    }

    Map<String, Set<TopicPartition>> shares() {
      keepLeftovers();
      dealLeftovers();
      evenLeftovers();
      Map<String, Set<TopicPartition>> shares = new HashMap<>();
      members.keySet().forEach(member -> shares.put(member, new HashSet<>()));
      partitions.forEach((topic, count) -> share(topic, count, shares));
      return shares;
    }

    // Who has one more than the others of a topic keeps it for now.
    private void keepLeftovers() {
      for (String topic : partitions.keySet()) {
        int each = partitions.getOrDefault(topic, 0) / sharers(topic).size();
        sharers(topic).stream()
            .filter(member -> owned(topic, member) > each)
            .limit(leftoverCount(topic))
            .forEach(member -> leftovers(member).add(topic));
      }
    }

    private void dealLeftovers() {
      for (String topic : partitions.keySet()) {
        long kept = sharers(topic).stream().filter(m -> leftovers(m).contains(topic)).count();
        sharers(topic).stream()
            .filter(member -> !leftovers(member).contains(topic))
            .sorted(Comparator.comparing(member -> leftovers(member).size()))
            .limit(leftoverCount(topic) - kept)
            .forEach(member -> leftovers(member).add(topic));
      }
    }

    // Takes from whoever has most for whoever has least, as long as they differ by more than one.
    private void evenLeftovers() {
      Comparator<String> bySize = Comparator.comparing(member -> leftovers(member).size());
      boolean moved = true;
      while (moved) {
        String most = Collections.max(members.keySet(), bySize);
        String least = Collections.min(members.keySet(), bySize);
        moved =
            leftovers(most).size() > leftovers(least).size() + 1
                && leftovers(most).stream()
                    .filter(topic ->
                        sharers(topic).contains(least) && !leftovers(least).contains(topic))
                    .findFirst()
                    .map(topic -> leftovers(most).remove(topic) && leftovers(least).add(topic))
                    .orElse(false);
      }
    }

    private void share(String topic, int count, Map<String, Set<TopicPartition>> shares) {
      List<String> sharers = sharers(topic);
      Map<String, Integer> open = new TreeMap<>();
      for (String member : sharers) {
        open.put(member, count / sharers.size() + (leftovers(member).contains(topic) ? 1 : 0));
      }
      List<TopicPartition> rest = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        TopicPartition partition = new TopicPartition(topic, i);
        String owns = owner.getOrDefault(partition, "");
        if (open.getOrDefault(owns, 0) > 0) {
          open.merge(owns, -1, Integer::sum);
          add(shares, owns, partition);
        } else {
          rest.add(partition);
        }
      }
      for (TopicPartition partition : rest) {
        String member =
            open.entrySet().stream()
                .filter(e -> e.getValue() > 0)
                .findFirst()
                .orElseThrow()
                .getKey();
        open.merge(member, -1, Integer::sum);
        add(shares, member, partition);
      }
    }

    private List<String> sharers(String topic) {
      return sharers.getOrDefault(topic, List.of());
    }

    private static void add(
        Map<String, Set<TopicPartition>> shares, String member, TopicPartition partition) {
      shares.computeIfAbsent(member, name -> new HashSet<>()).add(partition);
    }

    private int leftoverCount(String topic) {
      return partitions.getOrDefault(topic, 0) % sharers(topic).size();
    }

    private int owned(String topic, String member) {
      return owned.getOrDefault(topic, Map.of()).getOrDefault(member, 0);
    }

    private Set<String> leftovers(String member) {
      return leftovers.computeIfAbsent(member, name -> new TreeSet<>());
    }
  }
}
