package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.KafkaLogSettings.Protocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A test's part of a broker that others use too: topics, group and transactional ids of its own.
final class KafkaFixture implements LogFixture {
  private static final AtomicInteger FIXTURES = new AtomicInteger();
  private static final Duration WAIT = Duration.ofMillis(50);

  private final String servers;
  private final Protocol protocol;
  private final TopicPlan plan = new TopicPlan("t" + FIXTURES.incrementAndGet() + ".");
  private final Admin admin;
  private final Producer<byte[], byte[]> emitter;
  private Optional<Producer<byte[], byte[]>> transactional = Optional.empty();

  KafkaFixture(String servers, Protocol protocol) {
    this.servers = servers;
    this.protocol = protocol;
    this.admin = Admin.create(Map.of("bootstrap.servers", servers));
    this.emitter = producer(Map.of("bootstrap.servers", servers, "linger.ms", 0));
  }

  @Override
  public String topic(String name) {
    return plan.prefix() + name;
  }

  @Override
  public Uuid createTopic(String topic, int partitions) {
    var created = admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)));
    get(created.all().toCompletionStage().toCompletableFuture());
    return get(created.topicId(topic).toCompletionStage().toCompletableFuture());
  }

  @Override
  public void deleteTopic(String topic) {
    get(admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture());
    Set<String> names;
    do {
      names = get(admin.listTopics().names().toCompletionStage().toCompletableFuture());
    } while (names.contains(topic));
  }

  @Override
  public void addPartitions(String topic, int partitions) {
    get(
        admin
            .createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions)))
            .all()
            .toCompletionStage()
            .toCompletableFuture());
  }

  @Override
  public void trim(TopicPartition partition, long before) {
    get(
        admin
            .deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
            .all()
            .toCompletionStage()
            .toCompletableFuture());
  }

  /// Nobody may read this topic any more.
  void forbidReading(String topic) {
    AclBinding acl =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:*", "*", AclOperation.READ, AclPermissionType.DENY));
    get(admin.createAcls(List.of(acl)).all().toCompletionStage().toCompletableFuture());
  }

  @Override
  public EventLog open(String worker) {
    return new KafkaLog(settings(worker, Duration.ofMinutes(1)));
  }

  @Override
  public EventLog openToBeStopped(String worker) {
    return new KafkaLog(settings(worker, Duration.ofMillis(1_500)));
  }

  KafkaLogSettings settings(String worker, Duration pollIntervalMax) {
    Map<String, Object> client = new HashMap<>();
    client.put("bootstrap.servers", servers);
    client.put("metadata.max.age.ms", "500");
    client.put("max.poll.interval.ms", String.valueOf(pollIntervalMax.toMillis()));
    if (protocol == Protocol.CLASSIC) {
      client.put("heartbeat.interval.ms", "200");
    }
    return new KafkaLogSettings(client, plan, plan.workersGroup(), worker, protocol);
  }

  /// It does not poll, which its client notices.
  @Override
  public void stop(Member member) {}

  @Override
  public void go(Member member) {}

  /// Another producer of the same name leaves a transaction open, which is what a dead process
  /// does.
  @Override
  public void dieWithin(Member member, Write write) {
    begin(member.worker, write).close(Duration.ZERO);
    member.log.close();
  }

  /// Another producer of that worker's name begins a transaction that holds all of this.
  Producer<byte[], byte[]> begin(String worker, Write write) {
    KafkaLogSettings settings = settings(worker, Duration.ofMinutes(1));
    Producer<byte[], byte[]> producer = producer(settings.producer());
    producer.initTransactions();
    producer.beginTransaction();
    List<Future<?>> sends = new ArrayList<>();
    write.records().forEach(r -> sends.add(producer.send(r)));
    sends.forEach(KafkaFixture::get);
    producer.sendOffsetsToTransaction(
        CommitBatches.whole(write.ledgers()), new ConsumerGroupMetadata(settings.group()));
    return producer;
  }

  /// Somebody takes this worker for dead.
  void fence(String worker) {
    get(
        admin
            .fenceProducers(List.of(plan.transactionalId(worker)))
            .all()
            .toCompletionStage()
            .toCompletableFuture());
  }

  /// The brokers forget all members, who do not know it yet.
  void removeMembers() {
    get(
        admin
            .removeMembersFromConsumerGroup(
                plan.workersGroup(), new RemoveMembersFromConsumerGroupOptions())
            .all()
            .toCompletionStage()
            .toCompletableFuture());
  }

  @Override
  public Set<String> members() {
    try {
      return admin
          .describeConsumerGroups(List.of(plan.workersGroup()))
          .all()
          .get()
          .values()
          .stream()
          .flatMap(group -> group.members().stream())
          .map(MemberDescription::clientId)
          .collect(Collectors.toSet());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Set.of();
      }
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void produce(ProducerRecord<byte[], byte[]> record) {
    get(emitter.send(record));
  }

  @Override
  public void produce(List<ProducerRecord<byte[], byte[]>> records, boolean committed) {
    Producer<byte[], byte[]> producer = transactional();
    producer.beginTransaction();
    List<Future<?>> sends = new ArrayList<>();
    records.forEach(r -> sends.add(producer.send(r)));
    sends.forEach(KafkaFixture::get);
    if (committed) {
      producer.commitTransaction();
    } else {
      producer.abortTransaction();
    }
    records.stream()
        .map(r -> new TopicPartition(r.topic(), Objects.requireNonNull(r.partition())))
        .forEach(this::awaitMarkers);
  }

  /// They are written after the end of a transaction was acknowledged.
  private void awaitMarkers(TopicPartition partition) {
    while (end(partition, IsolationLevel.READ_COMMITTED)
        < end(partition, IsolationLevel.READ_UNCOMMITTED)) {
      Thread.onSpinWait();
    }
  }

  private long end(TopicPartition partition, IsolationLevel isolation) {
    return get(admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
            .partitionResult(partition)
            .toCompletionStage()
            .toCompletableFuture())
        .offset();
  }

  private Producer<byte[], byte[]> transactional() {
    if (transactional.isEmpty()) {
      Producer<byte[], byte[]> producer =
          producer(
              Map.of(
                  ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                  servers,
                  ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                  plan.prefix() + "emitter"));
      producer.initTransactions();
      transactional = Optional.of(producer);
    }
    return transactional.get();
  }

  @Override
  public List<String> read(String topic) {
    Map<String, Object> config =
        Map.of("bootstrap.servers", servers, "isolation.level", "read_committed");
    List<String> values = new ArrayList<>();
    try (Consumer<byte[], byte[]> reader =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      reader.partitionsFor(topic).stream()
          .map(p -> new TopicPartition(topic, p.partition()))
          .sorted(MemoryAssignor.ORDER)
          .forEach(p -> values.addAll(read(reader, p)));
    }
    return values;
  }

  private static List<String> read(Consumer<byte[], byte[]> reader, TopicPartition partition) {
    List<String> values = new ArrayList<>();
    reader.assign(List.of(partition));
    reader.seekToBeginning(List.of(partition));
    long end = reader.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (reader.position(partition) < end) {
      reader.poll(WAIT).forEach(r -> values.add(new String(r.value(), UTF_8)));
    }
    return values;
  }

  @Override
  public void pass() {
    // Time goes by while the members poll.
  }

  @Override
  public void close() {
    emitter.close(Duration.ZERO);
    transactional.ifPresent(p -> p.close(Duration.ZERO));
    admin.close(Duration.ZERO);
  }

  private static Producer<byte[], byte[]> producer(Map<String, Object> config) {
    return new KafkaProducer<>(
        new HashMap<>(config), new ByteArraySerializer(), new ByteArraySerializer());
  }

  static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }
}
