package dev.nightshift.worker.internal.run;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Stores traces in Kafka, each until it is acknowledged by all in-sync replicas. What fails is
/// sent again for ever, with growing pauses; what waits for that is bounded by the loop, which
/// claims nothing more while too many attempts have no stored trace. Safe for use by many threads.
///
/// The producer's own thread acknowledges. One more, `nightshift-traces`, sends again what failed
/// and learns how many partitions the topic has.
public final class KafkaTraceStore implements TraceStore {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);
  private static final Duration PARTITIONS_LEARNED_EVERY = Duration.ofMinutes(1);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);
  private static final long BUFFER_BYTES_MAX = 32L << 20;
  private static final int BUFFER_HEAP_PART = 16;

  private final String topic;
  private final TraceRecords records;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Consumer<WorkerEvent> events;
  private final ScheduledThreadPoolExecutor again;
  private final CountDownLatch learned = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  /// Written by the thread `nightshift-traces` only, read by all.
  private volatile Producer<byte[], byte[]> producer;

  /// Written by the thread `nightshift-traces` only, read by all.
  private volatile OptionalInt partitions = OptionalInt.empty();

  /// A store that writes to the plan's traces topic. Returns at once: Kafka need not be there yet.
  ///
  /// @param connection settings for all Kafka clients: bootstrap servers, security
  /// @param traceBytesMax the largest trace; it is cut down to that
  public KafkaTraceStore(
      Map<String, Object> connection,
      TopicPlan plan,
      int traceBytesMax,
      Consumer<WorkerEvent> events) {
    this(
        () -> new KafkaProducer<>(settings(connection)),
        new TraceRecords(plan.traces(), traceBytesMax),
        plan.traces(),
        events);
  }

  KafkaTraceStore(
      Supplier<Producer<byte[], byte[]>> producers,
      TraceRecords records,
      String topic,
      Consumer<WorkerEvent> events) {
    this.topic = topic;
    this.records = records;
    this.producers = producers;
    this.events = events;
    this.producer = producers.get();
    this.again =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("nightshift-traces").factory());
    again.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    again.execute(this::learnPartitions);
  }

  /// Waits until the store has reached Kafka and knows the topic's partitions.
  ///
  /// @return false if it has not by then
  public boolean awaitTopic(Duration max) throws InterruptedException {
    return learned.await(max.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void send(Trace trace, Runnable stored) {
    new Sending(trace, stored).send();
  }

  /// A trace as a record. Until the store has once reached Kafka it does not know the topic's
  /// partitions, and names none.
  @Override
  public ProducerRecord<byte[], byte[]> toRecord(Trace trace) {
    return records.record(trace, partitions);
  }

  /// Gives what was sent a last second to be acknowledged.
  @Override
  public void close() {
    again.shutdownNow();
    producer.close(CLOSE_MAX);
  }

  private void learnPartitions() {
    Duration next = FIRST_PAUSE;
    try {
      partitions = OptionalInt.of(producer.partitionsFor(topic).size());
      learned.countDown();
      next = PARTITIONS_LEARNED_EVERY;
    } catch (KafkaException e) {
      // asked again below; those who have something to send report it
    }
    schedule(this::learnPartitions, next);
  }

  private void schedule(Runnable task, Duration pause) {
    try {
      again.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // closed: nothing is sent any more
    }
  }

  /// On the thread `nightshift-traces`: replaces a producer that will never send again.
  private void replace(Producer<byte[], byte[]> broken) {
    if (broken == producer) {
      producer = producers.get();
      broken.close(Duration.ZERO);
    }
  }

  static Map<String, Object> settings(Map<String, Object> connection) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 5);
    settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
    settings.put(ProducerConfig.BUFFER_MEMORY_CONFIG, bufferBytes());
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    return ClientConfig.producer(connection, settings);
  }

  // Of a small heap no more than waiting events may take.
  private static long bufferBytes() {
    return Math.min(BUFFER_BYTES_MAX, Runtime.getRuntime().maxMemory() / BUFFER_HEAP_PART);
  }

  /// One trace on its way. At any time one thread has it: the sender's, the producer's, or
  /// `nightshift-traces`.
  private final class Sending {
    private final Trace trace;
    private final Runnable stored;
    private Duration pause = FIRST_PAUSE;
    private boolean delayed;

    Sending(Trace trace, Runnable stored) {
      this.trace = trace;
      this.stored = stored;
    }

    void send() {
      ProducerRecord<byte[], byte[]> record = records.record(trace, partitions);
      if (record.partition() == null) {
        if (pause.equals(LONGEST_PAUSE)) { // not just the first seconds of a worker
          reportDelay("the partitions of topic " + topic + " could not be learned");
        }
        sendLater(() -> {});
        return;
      }
      Producer<byte[], byte[]> used = producer;
      try {
        used.send(record, (metadata, failure) -> sent(used, failure));
      } catch (KafkaException | IllegalStateException e) { // the callback is not called then
        sent(used, e);
      }
    }

    private void sent(Producer<byte[], byte[]> used, @Nullable Exception failure) {
      switch (failure) {
        case null -> done();
        case RecordTooLargeException tooLarge -> sendLess(tooLarge);
        case ApiException _, InterruptException _ -> {
          reportDelay(failure.toString());
          sendLater(() -> {});
        }
        default -> { // not about this record: the producer itself may be past recovery
          reportDelay(failure.toString());
          sendLater(() -> replace(used));
        }
      }
    }

    private void sendLess(RecordTooLargeException tooLarge) {
      String key = TraceRecords.key(trace);
      for (TraceCut cut : TraceCut.values()) {
        if (cut.apply(trace)) {
          events.accept(new WorkerEvent.TraceShortened(key, cut.label()));
          schedule(this::send, Duration.ZERO);
          return;
        }
      }
      events.accept(new WorkerEvent.TraceGivenUp(key, tooLarge.toString()));
      done();
    }

    private void reportDelay(String reason) {
      if (!delayed) {
        delayed = true;
        if (waiting.getAndIncrement() == 0) {
          events.accept(new WorkerEvent.TracesDelayed(reason));
        }
      }
    }

    private void sendLater(Runnable before) {
      Duration now = pause;
      Duration twice = now.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
      schedule(() -> sendAgain(before), now);
    }

    private void sendAgain(Runnable before) {
      try {
        before.run();
        send();
      } catch (RuntimeException e) {
        reportDelay(e.toString());
        sendLater(before);
      }
    }

    private void done() {
      stored.run();
      if (delayed && waiting.decrementAndGet() == 0) {
        events.accept(new WorkerEvent.TracesFlowing());
      }
    }
  }
}
