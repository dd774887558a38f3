package dev.nightshift.common;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/// Follows a topic of one partition and keeps what it says as a view. Its own daemon thread reads;
/// any thread may ask for the newest view. While the topic cannot be reached the last view stays,
/// and [#problem] says why.
///
/// Who must know what the log says *now* asks with [#refresh], which gives a number, and looks at
/// the view once [#answered] has come to that number: it then holds everything that was in the log
/// when it asked. No clock is involved, as clocks are set back.
///
/// @param <V> the view; immutable
public final class FollowedLog<V> implements AutoCloseable {
  private static final Duration POLL = Duration.ofSeconds(1);

  /// How often the log's end is asked for though nobody wants to know: a consumer that is cut off
  /// just gets nothing, only a question that is not answered shows it.
  private static final Duration ASK_AT_LEAST_EVERY = Duration.ofSeconds(5);

  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(500);

  /// A topic that was made a moment ago is not known to every broker yet.
  private static final Duration NEW_TOPIC_WAIT_MAX = Duration.ofSeconds(2);

  private static final Duration NEW_TOPIC_PAUSE = Duration.ofMillis(50);

  /// Makes views.
  public interface Fold<V> {
    /// A view with more records read; the same one if they change nothing.
    ///
    /// @param read told of each record's key, and why it was skipped if it was
    V apply(
        V view,
        Iterable<ConsumerRecord<byte[], byte[]>> records,
        BiConsumer<String, Optional<String>> read);
  }

  /// What is followed.
  ///
  /// @param kind what the topic is called in messages
  /// @param first the view of an empty topic
  public record Source<V>(String kind, String topic, V first, Fold<V> fold) {}

  private final Cluster cluster;
  private final Fold<V> fold;
  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread;
  private final CountDownLatch readOnce = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written by the thread, read by all; the view before the number that it answers.
  private volatile V view;
  private volatile long answered;
  private volatile long readTo;
  private volatile @Nullable KafkaException unreachable;
  private volatile Map<String, String> skipped = Map.of();

  // The thread's own.
  private long answeredNanos;

  // Whether the thread waits for records and may be woken up. Set before it looks at `asked` once
  // more, while who asks first counts up and then looks here: one of them sees the other.
  private volatile boolean idle;

  // Written by all, read by the thread.
  private volatile Runnable onChange = () -> {};

  // Counted up by all, read by the thread.
  private final AtomicLong asked = new AtomicLong(1);
  private final CountDownLatch closing = new CountDownLatch(1);

  private FollowedLog(Cluster cluster, Source<V> source, KafkaConsumer<byte[], byte[]> consumer) {
    this.cluster = cluster;
    this.partition = new TopicPartition(source.topic(), 0);
    this.view = source.first();
    this.fold = source.fold();
    this.consumer = consumer;
    this.thread = new Thread(this::follow, "nightshift-follows-" + source.topic());
    thread.setDaemon(true);
  }

  /// Begins to follow, and returns when the log was read to its end.
  ///
  /// @param clientConfig settings for all clients: `bootstrap.servers`, TLS, SASL
  /// @param timeout the longest wait
  /// @throws FleetException.Unreachable if the cluster does not answer in time
  /// @throws FleetException.Refused if this client may not read it
  /// @throws FleetException.NotInitialized if there is no such topic
  public static <V> FollowedLog<V> start(
      Map<String, Object> clientConfig, TopicPlan plan, Source<V> source, Duration timeout) {
    String topic = source.topic();
    Cluster cluster = Cluster.of(clientConfig, timeout);
    String doing = "read the " + source.kind() + " " + topic;
    try {
      KafkaConsumer<byte[], byte[]> consumer = Readers.open(clientConfig);
      if (exists(consumer, topic, timeout)) {
        FollowedLog<V> log = new FollowedLog<>(cluster, source, consumer);
        log.thread.start();
        log.awaitFirst(doing, timeout);
        return log;
      }
      Readers.close(consumer);
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
      Readers.close(consumer);
      throw e;
    }
  }

  private void awaitFirst(String doing, Duration timeout) {
    try {
      if (readOnce.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && answered > 0) {
        return;
      }
    } catch (InterruptedException e) {
      close();
      throw new InterruptException(e);
    }
    if (unreachable instanceof AuthorizationException forbidden) {
      close();
      throw cluster.failure(doing, forbidden);
    }
    String why = problem().orElse("it was not read to its end");
    close();
    throw cluster.unreachable(doing, new TimeoutException(why));
  }

  /// The newest view.
  public V view() {
    return view;
  }

  /// Runs `listener`, instead of one given before, after each change of the view, on the control
  /// log's thread; it must return at once.
  public void onChange(Runnable listener) {
    onChange = listener;
  }

  /// Asks that the log be read up to its present end; returns at once.
  ///
  /// @return what [#answered] comes to when that has been done
  public long refresh() {
    long ticket = asked.incrementAndGet();
    if (idle) {
      consumer.wakeup();
    }
    return ticket;
  }

  /// The view holds everything that was in the log when [#refresh] returned this number, or a
  /// smaller one.
  public long answered() {
    return answered;
  }

  /// The view holds all committed records below this offset. Grows past what transactions that are
  /// not over hold back only when they are, which [#answered] does not wait for.
  public long readTo() {
    return readTo;
  }

  /// Waits until the view contains everything up to now.
  ///
  /// @return whether it does; false if the time was over first
  public boolean awaitFresh(Duration timeout) {
    long ticket = refresh();
    long end = System.nanoTime() + timeout.toNanos();
    synchronized (closing) {
      for (long left = timeout.toMillis(); answered < ticket; ) {
        if (left <= 0 || closed()) {
          return false;
        }
        try {
          closing.wait(left);
        } catch (InterruptedException e) {
          throw new InterruptException(e);
        }
        left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      }
    }
    return true;
  }

  /// Why the view may lack something: the topic cannot be reached, or a record of it cannot be read
  /// by this version. Empty while all is well.
  public Optional<String> problem() {
    return Optional.ofNullable(unreachable)
        .map(Cluster::said)
        .or(() ->
            skipped.entrySet().stream()
                .findFirst()
                .map(each ->
                    "the record "
                        + Names.quoted(each.getKey())
                        + " was skipped: "
                        + each.getValue()));
  }

  /// Ends the thread. The last view stays.
  @Override
  public void close() {
    closing.countDown();
    answerWaiting();
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
    } catch (Throwable thrown) {
      // Nobody foresaw it: the view stays as it is, and who asks hears why.
      unreachable = new KafkaException("it is followed no more: " + thrown, thrown);
      throw thrown;
    } finally {
      Readers.close(consumer);
      ended.countDown();
    }
  }

  private void turn() {
    try {
      long wanted = asked.get();
      if (wanted == answered && System.nanoTime() - answeredNanos < ASK_AT_LEAST_EVERY.toNanos()) {
        rest();
      } else {
        if (unreachable != null) {
          // Who may ask for the end but not read is refused only when it reads.
          take(PAUSE_AFTER_PROBLEM);
        }
        readTo(end());
        answer(wanted);
      }
    } catch (WakeupException e) {
      // Asked to refresh or to close.
    } catch (KafkaException e) {
      unreachable = e;
      if (e instanceof AuthorizationException) {
        // No use to wait for it at the start.
        readOnce.countDown();
      }
      pause();
    }
  }

  private void rest() {
    idle = true;
    try {
      take(asked.get() == answered ? POLL : Duration.ZERO);
    } finally {
      idle = false;
    }
  }

  private void answer(long wanted) {
    answered = wanted;
    answeredNanos = System.nanoTime();
    unreachable = null;
    readOnce.countDown();
    answerWaiting();
  }

  private void answerWaiting() {
    synchronized (closing) {
      closing.notifyAll();
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
    V next = fold.apply(view, consumer.poll(wait), this::skip);
    if (next != view) {
      view = next;
      readTo = consumer.position(partition, cluster.timeout());
      onChange.run();
    } else {
      readTo = consumer.position(partition, cluster.timeout());
    }
  }

  private void skip(String key, Optional<String> why) {
    if (why.isPresent() || skipped.containsKey(key)) {
      Map<String, String> next = new TreeMap<>(skipped);
      next.remove(key);
      why.ifPresent(text -> next.put(key, text));
      skipped = Collections.unmodifiableMap(next);
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
