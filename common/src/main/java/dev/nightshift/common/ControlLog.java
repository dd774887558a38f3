package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Follows the control topic. Its own daemon thread reads; any thread may ask for the newest view.
/// While the topic cannot be reached the last view stays, and [#problem] says why.
public final class ControlLog implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(500);

  /// A topic that was made a moment ago is not known to every broker yet.
  private static final Duration NEW_TOPIC_WAIT_MAX = Duration.ofSeconds(2);

  private static final Duration NEW_TOPIC_PAUSE = Duration.ofMillis(50);

  private final Cluster cluster;
  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final CountDownLatch readOnce = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written by the thread, read by all.
  private volatile ControlView view = ControlView.EMPTY;
  private volatile Instant freshAsOf = Instant.MIN;
  private volatile @Nullable String problem;

  // Written by all, read by the thread.
  private volatile boolean refreshWanted = true;
  private final CountDownLatch closing = new CountDownLatch(1);

  private ControlLog(Cluster cluster, String topic, KafkaConsumer<byte[], byte[]> consumer) {
    this.cluster = cluster;
    this.partition = new TopicPartition(topic, 0);
    this.consumer = consumer;
    this.thread = new Thread(this::follow, "nightshift-control");
    thread.setDaemon(true);
  }

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws FleetException.Unreachable if the cluster does not answer in time
  /// @throws FleetException.NotInitialized if there is no control topic
  public static ControlLog start(
      Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    Cluster cluster = Cluster.of(clientConfig, timeout);
    String doing = "read the control topic " + plan.control();
    try {
      KafkaConsumer<byte[], byte[]> consumer =
          new KafkaConsumer<>(
              ClientConfig.consumer(
                  clientConfig,
                  Map.of(
                      "isolation.level", "read_committed",
                      "enable.auto.commit", "false",
                      "auto.offset.reset", "earliest",
                      "allow.auto.create.topics", "false")),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      if (exists(consumer, plan.control(), timeout)) {
        ControlLog log = new ControlLog(cluster, plan.control(), consumer);
        log.thread.start();
        log.awaitFirst(doing, timeout);
        return log;
      }
      consumer.close();
    } catch (KafkaException e) {
      throw cluster.failure(doing, e);
    }
    throw new FleetException.NotInitialized(
        "cannot "
            + doing
            + ": it does not exist on "
            + cluster.bootstrap()
            + ". Check the address and the topic prefix ("
            + plan.prefix()
            + "); a new fleet's topics are made by its first worker");
  }

  private static boolean exists(
      KafkaConsumer<byte[], byte[]> consumer, String topic, Duration timeout) {
    Duration wait = timeout.compareTo(NEW_TOPIC_WAIT_MAX) < 0 ? timeout : NEW_TOPIC_WAIT_MAX;
    long end = System.nanoTime() + wait.toNanos();
    try {
      while (!consumer.listTopics(timeout).containsKey(topic)) {
        if (System.nanoTime() - end >= 0) {
          return false;
        }
        LockSupport.parkNanos(NEW_TOPIC_PAUSE.toNanos());
      }
      return true;
    } catch (KafkaException e) {
      consumer.close();
      throw e;
    }
  }

  private void awaitFirst(String doing, Duration timeout) {
    try {
      if (readOnce.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      close();
      throw new InterruptException(e);
    }
    String why = problem().orElse("it was not read to its end");
    close();
    throw cluster.unreachable(doing, new TimeoutException(why));
  }

  /// The newest view.
  public ControlView view() {
    return view;
  }

  /// The view contains everything that was in the log at this instant (this machine's clock).
  public Instant freshAsOf() {
    return freshAsOf;
  }

  /// Asks that [#freshAsOf] be brought up to now; returns at once.
  public void refresh() {
    if (!refreshWanted) {
      refreshWanted = true;
      consumer.wakeup();
    }
  }

  /// Waits until the view contains everything up to now.
  ///
  /// @return whether it does; false if the time was over first
  public boolean awaitFresh(Duration timeout) {
    Instant wanted = Instant.now();
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (listeners) {
      while (!freshAsOf.isAfter(wanted)) {
        refresh();
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        try {
          listeners.wait(Math.min(left, 100));
        } catch (InterruptedException e) {
          throw new InterruptException(e);
        }
      }
    }
    return true;
  }

  /// Why the newest records may be missing; empty while all is well.
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /// Runs `listener` after each change of the view, on the control log's thread.
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /// Ends the thread. The last view stays.
  @Override
  public void close() {
    closing.countDown();
    consumer.wakeup();
    try {
      ended.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- the thread

  private void follow() {
    try {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!closed()) {
        turn();
      }
    } finally {
      consumer.close();
      ended.countDown();
    }
  }

  private void turn() {
    try {
      Instant asked = Instant.now();
      if (refreshWanted) {
        refreshWanted = false;
        readTo(end());
        freshAsOf = asked;
        readOnce.countDown();
        synchronized (listeners) {
          listeners.notifyAll();
        }
      } else {
        take(POLL);
      }
      problem = null;
    } catch (WakeupException e) {
      // Asked to refresh or to close.
      refreshWanted = true;
    } catch (KafkaException e) {
      problem = e.getClass().getSimpleName() + ": " + e.getMessage();
      refreshWanted = true;
      pause();
    }
  }

  private long end() {
    Long end = consumer.endOffsets(List.of(partition), cluster.timeout()).get(partition);
    return end == null ? 0 : end;
  }

  private void readTo(long end) {
    while (!closed() && consumer.position(partition, cluster.timeout()) < end) {
      take(POLL);
    }
  }

  private void take(Duration wait) {
    ControlView.Builder next = view.builder();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      apply(next, record);
    }
    ControlView built = next.build();
    if (built != view) {
      view = built;
      listeners.forEach(Runnable::run);
    }
  }

  private void apply(ControlView.Builder next, ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), UTF_8);
    byte @Nullable [] value = record.value();
    if (value == null) {
      next.remove(key);
      return;
    }
    try {
      next.put(ControlRecords.canvas(key, value));
    } catch (RecordCodec.UndecodableRecordException e) {
      problem = "the control record " + Names.quoted(key) + " was skipped: " + e.getMessage();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void pause() {
    try {
      closing.await(PAUSE_AFTER_PROBLEM.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }
}
