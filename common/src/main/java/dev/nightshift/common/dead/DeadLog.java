package dev.nightshift.common.dead;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// The dead topic and the topic of ends. What Kafka refuses or leaves unanswered is thrown as a
/// [dev.nightshift.common.FleetException]. Owned by one thread.
final class DeadLog implements AutoCloseable {
  /// How much earlier than its record a letter may have died, by clocks that differ.
  private static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  private final TopicPlan plan;
  private final Cluster cluster;
  private final Admin admin;
  private final LogReader reader;

  /// What there is of the dead topic at one moment.
  ///
  /// @param topicId Kafka's id of it
  /// @param starts the first offset of each partition
  /// @param ends the first offset of each partition that is not looked at any more
  record Extent(Uuid topicId, Map<Integer, Long> starts, Map<Integer, Long> ends) {}

  DeadLog(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    this.plan = plan;
    this.cluster = Cluster.of(clientConfig, timeout);
    try {
      this.admin = Admin.create(ClientConfig.admin(clientConfig, Map.of()));
      this.reader = new LogReader(clientConfig, cluster);
    } catch (KafkaException e) {
      throw cluster.failure("connect to the fleet", e);
    }
  }

  /// Looks at what there is now.
  ///
  /// @throws DeadLetterException.NotFound if there is no dead topic
  Extent extent() {
    TopicDescription topic =
        existing(Set.of(plan.dead())).entrySet().stream()
            .findFirst()
            .orElseThrow(() -> missing(plan.dead()))
            .getValue();
    List<TopicPartition> partitions =
        topic.partitions().stream()
            .map(each -> new TopicPartition(plan.dead(), each.partition()))
            .toList();
    return new Extent(
        topic.topicId(),
        byNumber(offsets(partitions, OffsetSpec.earliest())),
        byNumber(offsets(partitions, OffsetSpec.latest())));
  }

  private DeadLetterException.NotFound missing(String topic) {
    return new DeadLetterException.NotFound(
        "there is no topic "
            + topic
            + " on "
            + cluster.bootstrap()
            + ". Check the address and the topic prefix ("
            + plan.prefix()
            + "); topics of a fleet that are missing are made with: nightshift init");
  }

  /// Which of these topics there are.
  Set<String> topics(Set<String> names) {
    return existing(names).keySet();
  }

  private Map<String, TopicDescription> existing(Set<String> names) {
    Set<String> there = new HashSet<>(cluster.ask("list topics", () -> admin.listTopics().names()));
    there.retainAll(names);
    return cluster.ask(
        "describe the topics of the fleet", () -> admin.describeTopics(there).allTopicNames());
  }

  /// What became of the letters, read to its present end. An older fleet may not have that topic
  /// yet: then nothing did.
  LetterEnds ends(Extent extent, Optional<LetterId> wanted) {
    LetterEnds ends = new LetterEnds(extent.topicId(), extent.starts(), wanted);
    if (!topics(Set.of(plan.deadDone())).isEmpty()) {
      List<TopicPartition> partition =
          List.of(new TopicPartition(plan.deadDone(), LetterEnd.PARTITION));
      run(
          "read what became of dead letters in " + plan.deadDone(),
          () ->
              reader.read(
                  offsets(partition, OffsetSpec.earliest()),
                  offsets(partition, OffsetSpec.latest()),
                  ends::read));
    }
    return ends;
  }

  /// @throws DeadLetterException.NotFound if no end can be written, as there is no topic for it
  void checkEnds() {
    if (topics(Set.of(plan.deadDone())).isEmpty()) {
      throw missing(plan.deadDone());
    }
  }

  /// Reads all letters that may fit a filter, and perhaps others.
  void read(Extent extent, LetterFilter filter, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    Map<TopicPartition, Long> from = byPartition(extent.starts());
    filter
        .since()
        .ifPresent(since -> {
          long time = Math.max(0, since.minus(CLOCKS_MAX).toEpochMilli());
          // What is not there yet has no offset of its own.
          offsets(List.copyOf(from.keySet()), OffsetSpec.forTimestamp(time))
              .forEach((partition, offset) ->
                  from.put(
                      partition,
                      offset < 0 ? extent.ends().getOrDefault(partition.partition(), 0L) : offset));
        });
    run(
        "read the dead letters in " + plan.dead(),
        () -> reader.read(from, byPartition(extent.ends()), each));
  }

  /// Reads exactly these letters, by partition and offset.
  LetterSource source(LetterSet letters) {
    return new LetterSource(
        letters,
        new LetterSource.Partitions() {
          @Override
          public void start(int partition, long offset) {
            run(
                "read the dead letters in " + plan.dead(),
                () -> reader.start(new TopicPartition(plan.dead(), partition), offset));
          }

          @Override
          public Iterable<ConsumerRecord<byte[], byte[]>> next(
              int partition, long skipTo, long end) {
            return cluster.call(
                "read the dead letters in " + plan.dead(),
                () -> reader.next(new TopicPartition(plan.dead(), partition), skipTo, end));
          }
        });
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> ask =
        partitions.stream().collect(Collectors.toMap(each -> each, each -> which));
    Map<TopicPartition, Long> found = new HashMap<>();
    cluster
        .ask(
            "ask for the ends of the fleet's topics",
            () ->
                admin.listOffsets(ask, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all())
        .forEach((partition, answer) -> found.put(partition, answer.offset()));
    return found;
  }

  private static Map<Integer, Long> byNumber(Map<TopicPartition, Long> offsets) {
    Map<Integer, Long> byNumber = new TreeMap<>();
    offsets.forEach((partition, offset) -> byNumber.put(partition.partition(), offset));
    return byNumber;
  }

  private Map<TopicPartition, Long> byPartition(Map<Integer, Long> offsets) {
    Map<TopicPartition, Long> byPartition = new HashMap<>();
    offsets.forEach(
        (number, offset) -> byPartition.put(new TopicPartition(plan.dead(), number), offset));
    return byPartition;
  }

  private void run(String doing, Runnable reading) {
    cluster.call(
        doing,
        () -> {
          reading.run();
          return true;
        });
  }

  @Override
  public void close() {
    reader.close();
    admin.close(Duration.ofSeconds(1));
  }
}
