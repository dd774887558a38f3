package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the trace store does about a producer's failures, with Kafka's own producer in memory.
@Timeout(60)
class TraceRetriesTest {
  private static final String TOPIC = "nightshift.traces";

  private final Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
  private final Queue<MockProducer<byte[], byte[]>> made = new ConcurrentLinkedQueue<>();
  private volatile boolean autoComplete = true;

  @Test
  void a_producer_past_recovery_is_replaced() throws Exception {
    try (KafkaTraceStore store = store()) {
      MockProducer<byte[], byte[]> broken = made.element();
      broken.sendException = new KafkaException("in an error state");
      sendAndAwait(store, TracesTest.fullTrace());
      assertEquals(2, made.size());
      assertTrue(broken.closed());
      assertEquals(
          List.of(
              new WorkerEvent.TracesDelayed(
                  "org.apache.kafka.common.KafkaException: in an error state"),
              new WorkerEvent.TracesFlowing()),
          awaitEvents(2));
    }
  }

  @Test
  void a_timeout_is_tried_again_with_the_same_producer() throws Exception {
    autoComplete = false;
    try (KafkaTraceStore store = store()) {
      MockProducer<byte[], byte[]> producer = made.element();
      CountDownLatch stored = new CountDownLatch(1);
      store.send(TracesTest.fullTrace(), stored::countDown);
      Conditions.await(() -> producer.errorNext(new TimeoutException("slow")));
      assertEquals(1, stored.getCount());
      Conditions.await(producer::completeNext);
      stored.await();
      assertEquals(1, made.size());
      assertEquals(2, producer.history().size());
    }
  }

  @Test
  void a_trace_that_is_never_taken_is_given_up() throws Exception {
    try (KafkaTraceStore store = store()) {
      made.element().sendException = new RecordTooLargeException("too large");
      sendAndAwait(store, TracesTest.fullTrace());
      List<WorkerEvent> reported = awaitEvents(TraceCut.values().length + 1);
      assertEquals(new WorkerEvent.TraceShortened("shop/e1/1", "logs"), reported.get(0));
      assertEquals(
          new WorkerEvent.TraceGivenUp(
              "shop/e1/1", "org.apache.kafka.common.errors.RecordTooLargeException: too large"),
          reported.getLast());
    }
  }

  @Test
  void an_interrupted_thread_does_not_lose_its_trace() throws Exception {
    try (KafkaTraceStore store = store()) {
      MockProducer<byte[], byte[]> producer = made.element();
      producer.sendException = new InterruptException("leaked");
      CountDownLatch stored = new CountDownLatch(1);
      store.send(TracesTest.fullTrace(), stored::countDown);
      assertTrue(Thread.interrupted());
      producer.sendException = null;
      stored.await();
      assertEquals(1, made.size());
    }
  }

  private KafkaTraceStore store() throws InterruptedException {
    KafkaTraceStore store =
        new KafkaTraceStore(this::producer, new TraceRecords(TOPIC, 255 << 10), TOPIC, events::add);
    assertTrue(store.awaitTopic(Duration.ofSeconds(30)));
    return store;
  }

  private Producer<byte[], byte[]> producer() {
    Node node = new Node(1, "localhost", 9092);
    PartitionInfo partition = new PartitionInfo(TOPIC, 0, node, new Node[] {node}, new Node[0]);
    Cluster cluster = new Cluster("test", List.of(node), List.of(partition), Set.of(), Set.of());
    ByteArraySerializer bytes = new ByteArraySerializer();
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(cluster, autoComplete, null, bytes, bytes);
    made.add(producer);
    return producer;
  }

  private static void sendAndAwait(TraceStore store, Trace trace) throws InterruptedException {
    CountDownLatch stored = new CountDownLatch(1);
    store.send(trace, stored::countDown);
    stored.await();
  }

  private List<WorkerEvent> awaitEvents(int count) {
    Conditions.await(() -> events.size() >= count);
    return List.copyOf(events);
  }
}
