package dev.nightshift.scheduler;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cause;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.local.LocalKafka;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A fleet's topics on a real broker, and what is written to and read from them by plain clients.
/// For the test's thread.
final class TimerFleet implements AutoCloseable {
  static final String CANVAS = "shop";
  private static final Duration WAIT_MAX = Duration.ofSeconds(60);
  private static final Cause CAUSE = new Cause("test", "");

  final TopicPlan plan = TopicPlan.standard();
  final LocalKafka kafka;
  final Map<String, Object> client;
  final Fleet fleet;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Map<String, KafkaConsumer<byte[], byte[]>> readers = new HashMap<>();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();

  TimerFleet() {
    this(LocalKafka.Settings.defaults());
  }

  TimerFleet(LocalKafka.Settings broker) {
    kafka = LocalKafka.start(broker);
    client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    fleet = Fleet.of(client, plan, Duration.ofSeconds(30));
    fleet.init(OptionalInt.of(1));
    createCanvas(CANVAS);
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("linger.ms", 0);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  void createCanvas(String canvas) {
    fleet.createCanvas(canvas, 3, OptionalInt.of(1), CAUSE);
  }

  void deleteCanvas(String canvas) {
    fleet.deleteCanvas(canvas, CAUSE);
  }

  SchedulerSettings settings(String name) {
    return new SchedulerSettings(client, plan, name);
  }

  /// Writes an event of the first generation of a canvas.
  void delay(String canvas, String id, Instant due) {
    write(
        canvas + "/" + id,
        ("payload of " + id).getBytes(UTF_8),
        Map.of(
            "ce_specversion",
            "1.0",
            "ce_id",
            id,
            "ce_type",
            "mail",
            "ce_source",
            "test",
            "ns-canvas",
            canvas,
            "ns-events-topic",
            plan.events(canvas, 1),
            "ns-due",
            due.toString(),
            "x-own",
            "kept"));
  }

  void delay(String id, Instant due) {
    delay(CANVAS, id, due);
  }

  void cancel(String id) {
    write(
        CANVAS + "/" + id,
        new byte[0],
        Map.of("ce_id", id, "ce_type", "mail", "ns-canvas", CANVAS, "ns-cancel", "ann"));
  }

  /// Writes a record of the delayed topic; [#flush] returns when it is stored.
  void write(String key, byte[] value, Map<String, String> headers) {
    Headers all = new RecordHeaders();
    headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
    producer.send(
        new ProducerRecord<>(plan.delayed(), null, null, key.getBytes(UTF_8), value, all));
  }

  void flush() {
    producer.flush();
  }

  /// All committed records of a topic up to now.
  List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    KafkaConsumer<byte[], byte[]> consumer = readers.computeIfAbsent(topic, this::reader);
    List<ConsumerRecord<byte[], byte[]>> kept = read.computeIfAbsent(topic, _ -> new ArrayList<>());
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      consumer.poll(Duration.ofMillis(50)).forEach(kept::add);
    }
    return List.copyOf(kept);
  }

  private KafkaConsumer<byte[], byte[]> reader(String topic) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /// What was emitted into a canvas's first generation.
  List<ConsumerRecord<byte[], byte[]>> emitted(String canvas) {
    return read(plan.events(canvas, 1));
  }

  /// What was emitted of an event.
  List<ConsumerRecord<byte[], byte[]>> emittedOf(String id) {
    return emitted(CANVAS).stream().filter(each -> header(each, "ce_id").equals(id)).toList();
  }

  /// The ends of an event on the delayed topic.
  List<String> endsOf(String canvas, String id) {
    return read(plan.delayed()).stream()
        .filter(each -> new String(each.key(), UTF_8).equals(canvas + "/" + id))
        .filter(each -> each.value() == null)
        .map(each -> header(each, "ns-timer-end"))
        .toList();
  }

  List<Trace> traces() {
    return read(plan.traces()).stream()
        .map(each -> RecordCodec.TRACES.decode(each.value()))
        .toList();
  }

  static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + WAIT_MAX.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        throw new AssertionError("not within " + WAIT_MAX.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  @Override
  public void close() {
    readers.values().forEach(KafkaConsumer::close);
    producer.close(Duration.ZERO);
    fleet.close();
    kafka.close();
  }
}
