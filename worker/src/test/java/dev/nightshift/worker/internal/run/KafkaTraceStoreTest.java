package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TracePlace;
import dev.nightshift.common.record.Trace;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.events.WorkerEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Traces on a real broker. Each test has its own fleet, by its prefix.
@Timeout(120)
class KafkaTraceStoreTest {
  private static final int PARTITIONS = 4;
  private static final AtomicInteger FLEETS = new AtomicInteger();
  private static LocalKafka kafka;
  private static Map<String, Object> connection;

  private final TopicPlan plan = new TopicPlan("fleet" + FLEETS.incrementAndGet() + ".");
  private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();

  @BeforeAll
  static void start() {
    kafka = LocalKafka.start();
    connection = Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void its_client_takes_what_is_its_own_and_what_plugins_read() {
    Map<String, Object> client =
        KafkaTraceStore.settings(
            Map.of("session.timeout.ms", "9000", "my.plugin.key", "value", "acks", "1"));
    assertEquals("value", client.get("my.plugin.key"));
    assertEquals("all", client.get("acks"));
    assertFalse(client.containsKey("session.timeout.ms"));
  }

  @Test
  void a_trace_is_where_readers_look_for_it() throws Exception {
    createTopic(Map.of());
    try (KafkaTraceStore store = store()) {
      assertTrue(store.awaitTopic(Duration.ofSeconds(30)));
      Trace trace = TracesTest.fullTrace();
      storeAll(store, List.of(trace));
      List<ConsumerRecord<byte[], byte[]>> stored = readAll(1);
      assertEquals("shop/e1/1", new String(stored.get(0).key(), UTF_8));
      assertEquals(TracePlace.partition("shop", "e1", PARTITIONS), stored.get(0).partition());
      ProducerRecord<byte[], byte[]> record = store.toRecord(trace);
      assertEquals(plan.traces(), record.topic());
      assertEquals(Optional.of(stored.get(0).partition()), Optional.ofNullable(record.partition()));
      assertEquals(List.of(), List.copyOf(events));
    }
  }

  @Test
  void all_attempts_of_an_event_are_in_one_partition() throws Exception {
    createTopic(Map.of());
    try (KafkaTraceStore store = store()) {
      List<Trace> traces = new ArrayList<>();
      for (int attempt = 1; attempt <= 5; attempt++) {
        Trace trace = small("e1");
        trace.setAttempt(attempt);
        traces.add(trace);
      }
      storeAll(store, traces);
      assertEquals(1, readAll(5).stream().map(ConsumerRecord::partition).distinct().count());
    }
  }

  @Test
  void a_trace_that_the_topic_does_not_take_is_made_smaller_until_it_does() throws Exception {
    createTopic(Map.of("max.message.bytes", "5000", "compression.type", "uncompressed"));
    try (KafkaTraceStore store = store()) {
      Trace trace = TracesTest.fullTrace();
      trace.setInput(ByteBuffer.wrap(noise(20_000)));
      storeAll(store, List.of(trace));
      assertEquals(1, readAll(1).size());
      assertInstanceOf(WorkerEvent.TraceShortened.class, events.peek());
      assertTrue(trace.getReason().startsWith("the trace was too large and lost its logs"));
    }
  }

  @Test
  void a_missing_topic_is_waited_for() throws Exception {
    try (KafkaTraceStore store = store()) {
      assertFalse(store.awaitTopic(Duration.ZERO));
      CountDownLatch stored = new CountDownLatch(2);
      store.send(small("e1"), stored::countDown);
      store.send(small("e2"), stored::countDown);
      Conditions.await(() -> !events.isEmpty());
      assertEquals(2, stored.getCount());
      createTopic(Map.of());
      stored.await();
      assertEquals(2, readAll(2).size());
      Conditions.await(() -> events.size() == 2);
      assertEquals(
          List.of(
              new WorkerEvent.TracesDelayed(
                  "the partitions of topic " + plan.traces() + " could not be learned"),
              new WorkerEvent.TracesFlowing()),
          List.copyOf(events));
    }
  }

  @Test
  void a_broker_that_is_down_is_waited_for() throws Exception {
    createTopic(Map.of());
    try (KafkaTraceStore store = store()) {
      storeAll(store, List.of(small("e1")));
      kafka.stop();
      CountDownLatch stored = new CountDownLatch(1);
      store.send(small("e2"), stored::countDown);
      assertEquals(1, stored.getCount());
      kafka.restart();
      stored.await();
      assertEquals(2, readAll(2).size());
    }
  }

  private KafkaTraceStore store() {
    return new KafkaTraceStore(connection, plan, 255 << 10, events::add);
  }

  private static void storeAll(TraceStore store, List<Trace> traces) throws InterruptedException {
    CountDownLatch stored = new CountDownLatch(traces.size());
    traces.forEach(trace -> store.send(trace, stored::countDown));
    stored.await();
  }

  private void createTopic(Map<String, String> config) throws Exception {
    try (Admin admin = Admin.create(connection)) {
      NewTopic topic = new NewTopic(plan.traces(), PARTITIONS, (short) 1).configs(config);
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> readAll(int expected) {
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(connection, bytes, bytes)) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS)
              .mapToObj(p -> new TopicPartition(plan.traces(), p))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
      while (read.size() < expected) {
        consumer.poll(Duration.ofSeconds(1)).forEach(read::add);
      }
      return read;
    }
  }

  private static Trace small(String id) {
    Trace trace = TracesTest.fullTrace();
    for (TraceCut cut : TraceCut.values()) {
      cut.apply(trace);
    }
    trace.setEventId(id);
    return trace;
  }

  /// Bytes that do not compress.
  private static byte[] noise(int count) {
    byte[] bytes = new byte[count];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
