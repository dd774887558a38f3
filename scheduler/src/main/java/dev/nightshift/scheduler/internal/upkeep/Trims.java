package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.SettledPart;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Removes from the event, lane and retry topics what is settled for all groups that read them.
/// Owned by the upkeep's thread.
///
/// The order matters: the ledgers are read first, then the ids of the topics that have these names
/// now, then their ends. So what was committed of a former topic is not taken for this one's. Kafka
/// deletes by name, not by id: a plan that has become old in the process's sleep is thrown away.
public final class Trims implements Chore {
  /// So many partitions are asked for and trimmed at once.
  private static final int PARTITIONS_MAX = 1_000;

  /// For so long it counts that a topic has this id.
  private static final Duration ID_COUNTS = Duration.ofSeconds(10);

  private final Parts parts;
  private final Refusals refusals;

  /// Up to where partitions were trimmed by this scheduler, by what their groups had committed.
  private final Map<TopicPartition, List<Long>> done = new HashMap<>();

  /// Why a partition was not reached in this turn.
  private Optional<FleetException> unreached = Optional.empty();

  /// What it works with.
  public record Parts(
      TopicPlan plan,
      Cluster cluster,
      Admin admin,
      Supplier<ControlView> control,
      Consumer<SchedulerEvent> events) {}

  /// Asks nothing of the cluster yet.
  public Trims(Parts parts) {
    this.parts = parts;
    this.refusals = new Refusals(parts.events());
  }

  @Override
  public String name() {
    return "trimming";
  }

  @Override
  public void forget() {
    done.clear();
    refusals.forget();
  }

  @Override
  public void turn() {
    long begun = System.nanoTime();
    unreached = Optional.empty();
    Map<String, Set<String>> readers = readers(parts.plan(), parts.control().get());
    Map<TopicPartition, List<Optional<SettledPart.Committed>>> committed = committed(readers);
    done.keySet().retainAll(committed.keySet());
    List<TopicPartition> changed =
        committed.entrySet().stream()
            .filter(each -> !bases(each.getValue()).equals(done.get(each.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    int trimmed = 0;
    for (int from = 0; from < changed.size(); from += PARTITIONS_MAX) {
      int to = Math.min(changed.size(), from + PARTITIONS_MAX);
      trimmed += trim(changed.subList(from, to), committed);
    }
    refusals.tell(readers.keySet());
    if (trimmed > 0) {
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      parts.events().accept(new SchedulerEvent.Trimmed(trimmed, took));
    }
    unreached.ifPresent(failure -> {
      throw failure;
    });
  }

  /// Which groups read which topics: those of deleted canvases too, until they are gone.
  static Map<String, Set<String>> readers(TopicPlan plan, ControlView view) {
    Set<String> groups =
        Stream.concat(view.canvases().stream(), view.deletedCanvases().stream())
            .map(Canvas::group)
            .collect(Collectors.toCollection(TreeSet::new));
    Map<String, Set<String>> readers = new TreeMap<>();
    readers.put(plan.retry(), Set.of(plan.workersGroup()));
    for (String group : groups) {
      for (String topic : view.topics(group)) {
        readers.computeIfAbsent(topic, _ -> new TreeSet<>()).add(group);
      }
    }
    return readers;
  }

  private static List<Long> bases(List<Optional<SettledPart.Committed>> groups) {
    return groups.stream().flatMap(Optional::stream).map(SettledPart.Committed::base).toList();
  }

  // Of partitions of which some group has committed something.
  private Map<TopicPartition, List<Optional<SettledPart.Committed>>> committed(
      Map<String, Set<String>> readers) {
    Map<String, Map<TopicPartition, OffsetAndMetadata>> byGroup = new TreeMap<>();
    readers.values().stream()
        .flatMap(Set::stream)
        .distinct()
        .forEach(group -> byGroup.put(group, committed(group)));
    Map<TopicPartition, List<Optional<SettledPart.Committed>>> all = new HashMap<>();
    byGroup.values().stream()
        .flatMap(of -> of.keySet().stream())
        .distinct()
        .filter(partition -> readers.containsKey(partition.topic()))
        .forEach(partition ->
            all.put(
                partition,
                readers.getOrDefault(partition.topic(), Set.of()).stream()
                    .map(group -> Optional.ofNullable(byGroup.get(group)))
                    .map(of -> of.flatMap(offsets -> Optional.ofNullable(offsets.get(partition))))
                    .map(of ->
                        of.map(each -> new SettledPart.Committed(each.offset(), each.metadata())))
                    .toList()));
    return all;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
    return parts
        .cluster()
        .ask(
            "read the ledgers of group " + group,
            () -> parts.admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
  }

  // How many of them were trimmed.
  private int trim(
      List<TopicPartition> partitions,
      Map<TopicPartition, List<Optional<SettledPart.Committed>>> committed) {
    long asked = System.nanoTime();
    Map<TopicPartition, Uuid> ids = ids(partitions);
    Map<TopicPartition, RecordsToDelete> plan = new HashMap<>();
    ends(ids.keySet())
        .forEach((partition, end) -> {
          Uuid id = ids.getOrDefault(partition, Uuid.ZERO_UUID);
          OptionalLong before =
              SettledPart.before(id, end, committed.getOrDefault(partition, List.of()));
          before.ifPresent(offset -> plan.put(partition, RecordsToDelete.beforeOffset(offset)));
        });
    if (plan.isEmpty()) {
      return 0;
    }
    if (System.nanoTime() - asked > ID_COUNTS.toNanos()) {
      String late = "the answers took more than " + Durations.text(ID_COUNTS);
      unreached =
          Optional.of(
              parts.cluster().unreachable("look where topics end", new TimeoutException(late)));
      return 0;
    }
    int trimmed = 0;
    for (TopicPartition partition : delete(plan)) {
      done.put(partition, bases(committed.getOrDefault(partition, List.of())));
      trimmed++;
    }
    return trimmed;
  }

  // Of those that are there.
  private Map<TopicPartition, Uuid> ids(Collection<TopicPartition> partitions) {
    Set<String> topics = partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Map<String, TopicDescription> found = new HashMap<>();
    parts
        .admin()
        .describeTopics(topics)
        .topicNameValues()
        .forEach((name, answer) ->
            answer("describe topic " + name, answer).ifPresent(each -> found.put(name, each)));
    Map<TopicPartition, Uuid> ids = new HashMap<>();
    for (TopicPartition partition : partitions) {
      TopicDescription topic = found.get(partition.topic());
      if (topic != null && partition.partition() < topic.partitions().size()) {
        ids.put(partition, topic.topicId());
      }
    }
    return ids;
  }

  // Without those that have no leader now.
  private Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
    partitions.forEach(partition -> ask.put(partition, OffsetSpec.latest()));
    ListOffsetsResult result =
        parts.admin().listOffsets(ask, new ListOffsetsOptions().timeoutMs(answerMillis()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (TopicPartition partition : partitions) {
      try {
        answer("ask for the end of " + partition, result.partitionResult(partition))
            .ifPresent(end -> ends.put(partition, end.offset()));
      } catch (FleetException e) {
        unreached = Optional.of(e);
      }
    }
    return ends;
  }

  private List<TopicPartition> delete(Map<TopicPartition, RecordsToDelete> plan) {
    List<TopicPartition> deleted = new ArrayList<>();
    parts
        .admin()
        .deleteRecords(plan, new DeleteRecordsOptions().timeoutMs(answerMillis()))
        .lowWatermarks()
        .forEach((partition, answer) -> {
          try {
            if (answer("trim topic " + partition.topic(), answer).isPresent()) {
              deleted.add(partition);
              refusals.taken(partition.topic());
            }
          } catch (FleetException.Unreachable e) {
            unreached = Optional.of(e);
          } catch (FleetException e) {
            refusals.refused(partition.topic(), String.valueOf(e.getMessage()));
          }
        });
    return deleted;
  }

  private int answerMillis() {
    return Math.toIntExact(parts.cluster().timeout().toMillis());
  }

  // Empty if the topic is gone, or another one has its name.
  private <T> Optional<T> answer(String doing, KafkaFuture<T> answer) {
    try {
      return Optional.of(parts.cluster().ask(doing, () -> answer));
    } catch (FleetException.Refused e) {
      Throwable cause = e.getCause();
      if (cause instanceof UnknownTopicOrPartitionException
          || cause instanceof InvalidTopicException
          || cause instanceof OffsetOutOfRangeException) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
