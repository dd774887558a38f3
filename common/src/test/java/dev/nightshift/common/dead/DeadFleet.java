package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.AuditRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A fleet with a canvas `shop` and dead letters, on a real broker. For one thread.
final class DeadFleet implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(20);
  static final Cause CAUSE = new Cause("ada", "provider is back");
  static final LetterChoice ALL =
      new LetterChoice(List.of(), LetterFilter.ALL, OptionalLong.empty());

  final TopicPlan plan;
  final Map<String, Object> client;
  final Fleet fleet;
  final Admin admin;
  final KafkaProducer<byte[], byte[]> producer;
  private int partition;

  DeadFleet(String bootstrapServers, String prefix) {
    this.plan = new TopicPlan(prefix);
    this.client = Map.of("bootstrap.servers", bootstrapServers);
    this.fleet = Fleet.of(client, plan, TIMEOUT);
    this.admin = Admin.create(client);
    this.producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    fleet.init(OptionalInt.of(1));
    fleet.createCanvas("shop", 2, OptionalInt.of(1), CAUSE);
  }

  DeadLetters letters() {
    return DeadLetters.of(client, plan, TIMEOUT, fleet);
  }

  /// Letters of events of shop/mail, over all partitions.
  void die(String... ids) {
    for (String id : ids) {
      die(exhausted(id), "{}");
    }
  }

  void dieMany(String prefix, int count) {
    for (int i = 0; i < count; i++) {
      die(prefix + i);
    }
  }

  void die(Map<String, @Nullable String> headers, String payload) {
    ProducerRecord<byte[], byte[]> record = Letters.stored(plan, partition++ % 3, headers, payload);
    try {
      producer.send(record).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, @Nullable String> exhausted(String id) {
    Map<String, @Nullable String> headers = Letters.exhausted(id);
    headers.put("ns-origin", plan.events("shop", 1) + "/0/1");
    return headers;
  }

  /// Redrives all with a job of its own.
  ///
  /// @return how many
  long redriveAll() {
    try (DeadLetters letters = letters();
        LetterJob job = letters.begin(letters.planRedrive(ALL), CAUSE)) {
      job.run(Optional.empty(), () -> false, handled -> {});
      return job.done();
    }
  }

  /// Makes the dead topic that was deleted a moment ago.
  void makeDeadAgain() {
    while (true) {
      try {
        admin.createTopics(List.of(new NewTopic(plan.dead(), 3, (short) 1))).all().get();
        return;
      } catch (ExecutionException e) {
        LockSupport.parkNanos(20_000_000); // It is being deleted still.
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /// How often each event was emitted again, by id; committed records only.
  Map<String, Integer> emitted() {
    Map<String, Integer> counts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : all(plan.events("shop", 1))) {
      String id = new String(record.headers().lastHeader("ce_id").value(), UTF_8);
      counts.merge(id, 1, Integer::sum);
    }
    return counts;
  }

  /// What the audit says of dead letters, a line each.
  List<String> audited() {
    List<String> lines = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : all(plan.audit())) {
      AuditRecord audit = RecordCodec.AUDIT.decode(record.value());
      if (audit.getAction().startsWith("dead")) {
        lines.add(
            String.join(
                " | ",
                audit.getActor(),
                audit.getAction(),
                audit.getTarget(),
                audit.getBefore(),
                audit.getAfter(),
                audit.getReason()));
      }
    }
    return lines;
  }

  /// All committed records of a topic.
  List<ConsumerRecord<byte[], byte[]>> all(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
    for (int p = 0; p < fleet.partitions(topic); p++) {
      ask.put(new TopicPartition(topic, p), OffsetSpec.latest());
    }
    Map<TopicPartition, Long> ends = new HashMap<>();
    try (LogReader reader = new LogReader(client, Cluster.of(client, TIMEOUT))) {
      admin.listOffsets(ask).all().get().forEach((p, end) -> ends.put(p, end.offset()));
      reader.read(Map.of(), ends, records::add);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return records;
  }

  @Override
  public void close() {
    producer.close();
    admin.close(Duration.ZERO);
    fleet.close();
  }
}
