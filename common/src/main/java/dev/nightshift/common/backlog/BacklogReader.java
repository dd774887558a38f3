package dev.nightshift.common.backlog;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.Readers;
import dev.nightshift.common.Scope;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Reads how much waits. Changes nothing and is no member of the workers' group. For one thread.
public final class BacklogReader implements AutoCloseable {
  /// How much longer is looked for others of the same id, once one is found.
  private static final Duration OTHERS_MORE = Duration.ofMillis(500);

  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Tails tails;

  private BacklogReader(
      TopicPlan plan, Cluster cluster, Admin admin, KafkaConsumer<byte[], byte[]> consumer) {
    this.plan = plan;
    this.cluster = cluster;
    this.admin = admin;
    this.consumer = consumer;
    this.tails = new Tails(consumer, cluster);
  }

  /// A reader; asks nothing of the cluster yet.
  ///
  /// @param timeout the longest wait for one answer
  public static BacklogReader of(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    Cluster cluster = Cluster.of(clientConfig, timeout);
    Map<String, String> ours =
        Map.of(
            "max.poll.records",
            "2000",
            // What is read is there already. Before a partition is paused that was read whole, more
            // is asked for, and the next one is asked for after this answer only.
            "fetch.max.wait.ms",
            "5",
            "fetch.max.bytes",
            Integer.toString(64 << 20),
            "max.partition.fetch.bytes",
            Integer.toString(8 << 20));
    try {
      return new BacklogReader(
          plan,
          cluster,
          Admin.create(ClientConfig.admin(clientConfig, Map.of())),
          Readers.open(clientConfig, ours, new NoPayload()));
    } catch (KafkaException e) {
      throw cluster.failure("connect to the fleet", e);
    }
  }

  /// Looks at what is there now; [Backlog#read] then counts it. A backlog that was begun before
  /// cannot be read on. Events that are due later are not counted.
  ///
  /// @param view the canvases and lanes
  /// @param scope which queues are looked at; others may be counted in part
  /// @throws FleetException if the cluster does not answer
  public Backlog begin(ControlView view, Scope scope) {
    return new Backlog(plan, view, cluster, consumer, parts(wanted(view, scope)));
  }

  /// The same with events that are due later: the whole topic of them is read, after the others.
  public Backlog beginWithDelayed(ControlView view, Scope scope) {
    Set<String> wanted = wanted(view, scope);
    wanted.add(plan.delayed());
    return new Backlog(plan, view, cluster, consumer, parts(wanted));
  }

  /// How far each partition is of all topics that hold events to be run. Costs a few questions, as
  /// no records are read but for a few where nothing moves. A backlog that was begun before cannot
  /// be read on.
  ///
  /// @param view the canvases and lanes
  /// @throws FleetException if the cluster does not answer
  public Map<TopicPartition, Standing> standings(ControlView view) {
    Map<TopicPartition, Standing> standings = new HashMap<>();
    parts(wanted(view, Scope.all()))
        .forEach((partition, part) -> standings.put(partition, standing(part)));
    return tails.without(standings);
  }

  private static Standing standing(Backlog.Part part) {
    Ledger ledger = part.ledger();
    long unread = Math.max(0, part.end() - ledger.end());
    long from = Math.min(part.end(), ledger.firstUntouched());
    long waiting = ledger.open() - ledger.claims() + unread;
    return new Standing(from, waiting, ledger.claims(), part.end());
  }

  /// Looks for one event in what has not ended now. A backlog that was begun before cannot be read
  /// on.
  ///
  /// @param view the canvases and lanes
  /// @param id the event's
  /// @param since records that are older are not looked at, by their time
  /// @param stop asked now and then: it is not needed any more
  /// @return the first place where it has not ended
  /// @throws FleetException if the cluster does not answer
  public Optional<EventPlace> find(
      ControlView view, String id, Instant since, BooleanSupplier stop) {
    return search(
            view,
            id,
            search ->
                search.open(
                    parts(wanted(view, Scope.all())), since, place -> true, Duration.ZERO, stop))
        .stream()
        .findFirst();
  }

  /// Looks for all events that have one id: nobody keeps two canvases from giving the same. See
  /// [#find].
  ///
  /// @param wanted which of them
  /// @return the first place where one has not ended, then others, as far as they are found within
  ///   half a second more
  public List<EventPlace> findAll(
      ControlView view,
      String id,
      Instant since,
      Predicate<EventPlace> wanted,
      BooleanSupplier stop) {
    return search(
        view,
        id,
        search -> search.open(parts(wanted(view, Scope.all())), since, wanted, OTHERS_MORE, stop));
  }

  /// Looks for an event that is due later. See [#find].
  ///
  /// @return at most one of each canvas
  public List<DelayedEvent> findDelayed(ControlView view, String id, Instant since) {
    return search(view, id, search -> search.delayed(parts(Set.of(plan.delayed())), since));
  }

  /// Looks for one event in what has ended or was moved, as far as the canvases' topics still have
  /// it. See [#find].
  ///
  /// @param until records that are younger are not looked at, by their time
  public List<EventPlace> findEnded(
      ControlView view, String id, Instant since, Instant until, Predicate<EventPlace> wanted) {
    return search(
        view,
        id,
        search ->
            search.completed(parts(wanted(view, Scope.all())), since, until, wanted, OTHERS_MORE));
  }

  /// When that was stored which waits or runs in a topic and was stored first.
  ///
  /// @return empty if nothing does, or it was not read in the time that an answer may take
  /// @throws FleetException if the cluster does not answer
  public Optional<Instant> oldest(String topic) {
    Map<TopicPartition, Backlog.Part> parts = parts(Set.of(topic));
    parts.values().removeIf(part -> part.ledger().base() >= part.end());
    try {
      consumer.assign(parts.keySet());
      consumer.resume(parts.keySet());
      parts.forEach((partition, part) -> consumer.seek(partition, part.ledger().base()));
      return firstTimes(parts).stream().min(Comparator.naturalOrder());
    } catch (KafkaException e) {
      throw cluster.failure("read the first records of " + topic, e);
    }
  }

  // The first record at or behind a base has not ended.
  private List<Instant> firstTimes(Map<TopicPartition, Backlog.Part> parts) {
    List<Instant> times = new ArrayList<>();
    Set<TopicPartition> unread = new HashSet<>(parts.keySet());
    long until = System.nanoTime() + cluster.timeout().toNanos();
    while (!unread.isEmpty() && System.nanoTime() - until < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (unread.remove(new TopicPartition(record.topic(), record.partition()))) {
          times.add(Instant.ofEpochMilli(record.timestamp()));
        }
      }
      unread.removeIf(each -> {
        Backlog.Part part = parts.get(each);
        return part == null || consumer.position(each) >= part.end();
      });
      consumer.pause(parts.keySet().stream().filter(each -> !unread.contains(each)).toList());
    }
    return times;
  }

  private <T> T search(ControlView view, String id, Function<EventSearch, T> how) {
    try {
      return how.apply(new EventSearch(plan, view, consumer, id, cluster.timeout()));
    } catch (KafkaException e) {
      throw cluster.failure("look for event " + id, e);
    }
  }

  private Map<TopicPartition, Backlog.Part> parts(Set<String> wanted) {
    Map<String, TopicDescription> topics = topics(wanted);
    List<TopicPartition> partitions = new ArrayList<>();
    topics.forEach((name, topic) ->
        topic
            .partitions()
            .forEach(each -> partitions.add(new TopicPartition(name, each.partition()))));
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
    Map<TopicPartition, Backlog.Part> parts = new HashMap<>();
    for (TopicPartition partition : partitions) {
      long start = starts.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, start);
      Uuid id = idOf(topics.get(partition.topic()));
      parts.put(partition, part(committed.get(partition), id, start, end));
    }
    return parts;
  }

  private static Uuid idOf(@Nullable TopicDescription topic) {
    return topic == null ? Uuid.ZERO_UUID : topic.topicId();
  }

  private Set<String> wanted(ControlView view, Scope scope) {
    Set<String> wanted = new HashSet<>(Set.of(plan.retry()));
    view.canvases().stream()
        .filter(canvas -> scope.canvas().map(canvas.name()::equals).orElse(true))
        .map(Canvas::topic)
        .forEach(wanted::add);
    view.lanes().stream()
        .filter(lane -> scope.covers(lane.canvas(), lane.queue()))
        .forEach(lane -> wanted.add(lane.topic()));
    return wanted;
  }

  // Of those that are there: one may have been deleted since.
  private Map<String, TopicDescription> topics(Set<String> names) {
    Set<String> there = new HashSet<>(cluster.ask("list topics", () -> admin.listTopics().names()));
    there.retainAll(names);
    return cluster.ask(
        "describe the topics of the fleet", () -> admin.describeTopics(there).allTopicNames());
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    String group = plan.workersGroup();
    return cluster.ask(
        "read the ledgers of group " + group,
        () -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> ask =
        partitions.stream().collect(Collectors.toMap(Function.identity(), each -> which));
    Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
        cluster.ask(
            "ask for the ends of the fleet's topics",
            () ->
                admin
                    .listOffsets(ask, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                    .all());
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().offset()));
  }

  // As a worker would take it that were assigned the partition now.
  private static Backlog.Part part(
      @Nullable OffsetAndMetadata committed, Uuid topicId, long start, long end) {
    Backlog.Part unknown = new Backlog.Part(Ledger.empty(topicId, start), Optional.empty(), end);
    if (committed == null || committed.offset() > end) {
      return unknown;
    }
    if (committed.metadata().isEmpty()) {
      Ledger ledger = Ledger.empty(topicId, Math.max(start, committed.offset()));
      return new Backlog.Part(ledger, Optional.empty(), end);
    }
    try {
      LedgerCodec.Decoded read = LedgerCodec.decode(committed.offset(), committed.metadata());
      return read.ledger().topicId().equals(topicId)
          ? new Backlog.Part(read.ledger(), Optional.of(read.writer()), end)
          : unknown;
    } catch (LedgerCodec.UnreadableException e) {
      return unknown;
    }
  }

  @Override
  public void close() {
    Readers.close(consumer);
    admin.close(Duration.ofSeconds(1));
  }

  /// Payloads are not looked at, so they are not copied.
  private static final class NoPayload implements Deserializer<byte[]> {
    @Override
    public byte @Nullable [] deserialize(String topic, byte @Nullable [] data) {
      return null;
    }

    @Override
    public byte @Nullable [] deserialize(String topic, Headers headers, @Nullable ByteBuffer data) {
      return null;
    }
  }
}
