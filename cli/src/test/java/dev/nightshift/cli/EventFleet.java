package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TracePlace;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.scale.ScaleDecision;
import dev.nightshift.common.scale.ScaleLog;
import dev.nightshift.local.LocalKafka;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A fleet of its own on a broker, without workers: what they would write is written by hand, as
/// they write it.
final class EventFleet implements AutoCloseable {
  private static final AtomicInteger FLEETS = new AtomicInteger();

  final TopicPlan plan = new TopicPlan("fleet" + FLEETS.incrementAndGet() + ".");
  final Fleet fleet;
  private final String servers;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;

  EventFleet(LocalKafka kafka) {
    servers = kafka.bootstrapServers();
    Map<String, Object> client = Map.of("bootstrap.servers", servers);
    fleet = Fleet.of(client, plan, Duration.ofSeconds(20));
    admin = Admin.create(client);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /// With a canvas of one partition.
  EventFleet with(String canvas) {
    fleet.init(OptionalInt.of(1));
    fleet.createCanvas(canvas, 1, OptionalInt.of(1), new Cause("test", ""));
    return this;
  }

  Said run(String... arguments) {
    return Said.by(command(arguments));
  }

  Said run(InputStream input, String... arguments) {
    return Said.reading(input, command(arguments));
  }

  /// The arguments with those that say which fleet is meant.
  String[] command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(arguments));
    command.add("--bootstrap-server=" + servers);
    command.add("--topic-prefix=" + plan.prefix());
    return command.toArray(String[]::new);
  }

  /// Sets a topic's setting.
  void set(String topic, String name, String value) {
    try {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  Canvas canvas(String name) {
    return fleet.canvas(name);
  }

  /// Writes a record with headers.
  RecordMetadata write(String topic, int partition, Map<String, String> headers, String payload) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, partition, null, payload.getBytes(UTF_8));
    headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return await(record);
  }

  private RecordMetadata await(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Writes a partition's ledger.
  ///
  /// @param marks sets what happened to the offsets below `end`
  void ledger(String topic, int partition, long end, String worker, UnaryOperator<Ledger> marks) {
    try {
      Ledger ledger = Ledger.empty(topicId(topic), 0);
      for (long offset = 0; offset < end; offset++) {
        ledger.receive(offset);
      }
      Ledger marked = marks.apply(ledger);
      admin
          .alterConsumerGroupOffsets(
              plan.workersGroup(),
              Map.of(
                  new TopicPartition(topic, partition),
                  new OffsetAndMetadata(marked.base(), LedgerCodec.encode(marked, worker))))
          .all()
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private Uuid topicId(String topic) throws InterruptedException, ExecutionException {
    TopicDescription described =
        admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
    return Objects.requireNonNull(described).topicId();
  }

  /// A trace of an event `id` of queue `shop/mail` that ended a second after it was emitted.
  Trace trace(String id, String outcome) {
    Trace trace = new Trace();
    trace.setCanvas("shop");
    trace.setQueue("mail");
    trace.setEventId(id);
    trace.setAttempt(1);
    trace.setOutcome(outcome);
    trace.setWorker("w1");
    trace.setHost("h1");
    trace.setOrigin(plan.events("shop", 1) + "/0/0");
    trace.setSource("orders");
    trace.setEmittedAt(Instant.parse("2026-01-02T03:04:05Z"));
    trace.setStartedAt(Instant.parse("2026-01-02T03:04:05.500Z"));
    trace.setEndedAt(Instant.parse("2026-01-02T03:04:06Z"));
    trace.setContentType("application/json");
    trace.setInput(ByteBuffer.wrap("{\"a\":1}".getBytes(UTF_8)));
    trace.setInputBytes(7);
    trace.setHeaders(Map.of("tenant", "t1"));
    trace.setLogs(List.of());
    trace.setSteps(List.of());
    trace.setChildren(List.of());
    trace.setHistory("");
    return trace;
  }

  void store(Trace trace) {
    await(
        new ProducerRecord<>(
            plan.traces(),
            TracePlace.partition(trace.getCanvas(), trace.getEventId(), 6),
            TracePlace.key(trace.getCanvas(), trace.getEventId(), trace.getAttempt())
                .getBytes(UTF_8),
            RecordCodec.TRACES.encode(trace)));
  }

  /// The payload of an event, as text.
  String payload(String topic, String id) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          if (id.equals(new String(record.headers().lastHeader("ce_id").value(), UTF_8))) {
            return new String(record.value(), UTF_8);
          }
        }
      }
    }
  }

  /// Waits for a record of the delayed topic, from its beginning on.
  ConsumerRecord<byte[], byte[]> delayed(Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(plan.delayed()).stream()
              .map(each -> new TopicPartition(plan.delayed(), each.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (wanted.test(record)) {
            return record;
          }
        }
      }
    }
  }

  /// Does as a scheduler does with the first request of somebody to cancel an event.
  ///
  /// @param who asks
  /// @param how what it says of the event's end
  /// @return the request
  CompletableFuture<ConsumerRecord<byte[], byte[]>> answerCancel(String who, String how) {
    return CompletableFuture.supplyAsync(() -> {
      ConsumerRecord<byte[], byte[]> request =
          delayed(record ->
              Optional.ofNullable(record.headers().lastHeader("ns-cancel"))
                  .map(actor -> new String(actor.value(), UTF_8))
                  .equals(Optional.of(who)));
      endDelayed(request, how);
      return request;
    });
  }

  /// Ends a delayed event as a scheduler does.
  void endDelayed(ConsumerRecord<byte[], byte[]> event, String how) {
    ProducerRecord<byte[], byte[]> end =
        new ProducerRecord<>(plan.delayed(), event.partition(), event.key(), null);
    end.headers().add("ns-timer-end", how.getBytes(UTF_8));
    await(end);
  }

  /// Lets a worker say that it lives.
  void beat(String worker, QueueName... handlers) {
    await(said(worker, handlers));
  }

  /// Lets a worker have said so in the past.
  void beatAgo(Duration ago, String worker) {
    set(plan.workers(), "message.timestamp.type", "CreateTime");
    ProducerRecord<byte[], byte[]> said = said(worker);
    long then = Instant.now().minus(ago).toEpochMilli();
    await(new ProducerRecord<>(said.topic(), null, then, said.key(), said.value()));
  }

  /// Lets a scheduler have decided in the past.
  void scale(ScaleDecision decision, Duration ago) {
    set(plan.scale(), "message.timestamp.type", "CreateTime");
    ProducerRecord<byte[], byte[]> said = ScaleLog.record(plan, decision);
    long then = Instant.now().minus(ago).toEpochMilli();
    await(new ProducerRecord<>(said.topic(), null, then, said.key(), said.value()));
  }

  private ProducerRecord<byte[], byte[]> said(String worker, QueueName... handlers) {
    Instant now = Instant.now();
    return WorkersLog.record(
        plan,
        new WorkerBeat(worker, "h1", "running", now, 10, 1, 0, Set.of(handlers), "0.1.0", 1, now));
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    fleet.close();
  }
}
