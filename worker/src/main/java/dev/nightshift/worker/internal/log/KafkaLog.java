package dev.nightshift.worker.internal.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A worker's [EventLog] on Kafka: a consumer, a transactional producer and an admin client. Owned
/// by the loop's thread, except [#wakeup]; transactions have a thread of their own.
///
/// Throws [LogFatalException] where trying again cannot help; everything else shows as an empty
/// poll or in a write's result.
public final class KafkaLog implements EventLog {
  /// How often the ledgers of new partitions are asked for that cannot be read yet.
  private static final Duration ASK_AGAIN = Duration.ofMillis(200);

  /// How often topics are tried again that this worker may not read.
  private static final Duration FORBIDDEN_AGAIN = Duration.ofMinutes(1);

  private final Consumer<byte[], byte[]> consumer;
  private final KafkaQueries queries;
  private final NewPartitions newPartitions;
  private final KafkaWriter writer;
  private final WakeupGate gate;
  private final ConsumerRebalanceListener rebalances = new Rebalances();

  /// The partitions that the loop knows to be its own.
  private final Set<TopicPartition> announced = new HashSet<>();

  /// Those whose ledgers could not be read yet; held back in the consumer.
  private final Set<TopicPartition> unread = new HashSet<>();

  private long askedNanos = System.nanoTime();
  private Set<String> wanted = Set.of();
  private Set<String> subscribed = Set.of();

  private final PollBudget budget = PollBudget.ofHeap(Runtime.getRuntime().maxMemory());

  private final int pollRecordsMax;

  /// Whose records have used up a poll: it is held back for the next one, which is the others'.
  private Optional<TopicPartition> resting = Optional.empty();

  /// What this worker may not read, and when it was told so.
  private final Map<String, Long> forbidden = new HashMap<>();

  /// The workers need it, whatever canvas they work for.
  private final String retryTopic;

  private Optional<Assignments> listener = Optional.empty();

  /// What a callback threw, kept from Kafka, which would dress it up.
  private Optional<RuntimeException> thrown = Optional.empty();

  /// Makes the clients; speaks to no broker yet.
  ///
  /// @throws LogFatalException if a setting of the clients is wrong
  public KafkaLog(KafkaLogSettings settings) {
    this(
        settings,
        () ->
            new KafkaProducer<>(
                settings.producer(), new ByteArraySerializer(), new ByteArraySerializer()));
  }

  KafkaLog(KafkaLogSettings settings, Supplier<Producer<byte[], byte[]>> producers) {
    try {
      this.consumer = new KafkaConsumer<>(settings.consumer(), new ByteArrayDeserializer(), budget);
      this.queries = new KafkaQueries(Admin.create(settings.admin()), settings);
    } catch (KafkaException e) {
      throw KafkaErrors.unexpected(e);
    }
    this.gate = new WakeupGate(consumer::wakeup);
    this.writer =
        new KafkaWriter(
            consumer,
            queries,
            new KafkaTransactions(producers, gate::wake),
            new KafkaWriter.Circumstances(settings.group(), this::leaveOut));
    this.retryTopic = settings.topics().retry();
    this.pollRecordsMax = settings.pollRecordsMax();
    this.newPartitions = new NewPartitions(queries);
  }

  /// Takes effect in the next poll, as partitions may go with it.
  @Override
  public void subscribe(Set<String> topics) {
    wanted = Set.copyOf(topics);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration wait, Assignments assignments) {
    listener = Optional.of(assignments);
    Set<String> allowed = allowed();
    // As a rule it is the same object: to compare ten thousand names takes longer than the poll.
    if (allowed != subscribed) {
      if (!allowed.equals(subscribed)) {
        changeSubscription(allowed);
      }
      subscribed = allowed;
    }
    if (!unread.isEmpty() && System.nanoTime() - askedNanos >= ASK_AGAIN.toNanos()) {
      announce();
    }
    rethrow();
    List<ConsumerRecord<byte[], byte[]>> records =
        subscribed.isEmpty() ? pass(wait) : fetch(unread.isEmpty() ? wait : shorter(wait));
    rethrow();
    return records;
  }

  private Set<String> allowed() {
    if (forbidden.isEmpty()) {
      return wanted;
    }
    long now = System.nanoTime();
    forbidden.values().removeIf(since -> now - since >= FORBIDDEN_AGAIN.toNanos());
    Set<String> allowed = new HashSet<>(wanted);
    allowed.removeAll(forbidden.keySet());
    return allowed;
  }

  private void changeSubscription(Set<String> topics) {
    if (topics.isEmpty()) {
      consumer.unsubscribe();
    } else {
      consumer.subscribe(topics, rebalances);
    }
  }

  /// One canvas's topic that must not be read is no reason to read no other.
  private void leaveOut(TopicAuthorizationException denied) {
    Set<String> topics = denied.unauthorizedTopics();
    if (topics.isEmpty() || topics.contains(retryTopic)) {
      throw KafkaErrors.unexpected(denied);
    }
    topics.forEach(topic -> forbidden.put(topic, System.nanoTime()));
    listener.ifPresent(l -> l.forbidden(topics, KafkaErrors.told(denied)));
  }

  private static Duration shorter(Duration wait) {
    return wait.compareTo(ASK_AGAIN) < 0 ? wait : ASK_AGAIN;
  }

  private List<ConsumerRecord<byte[], byte[]>> pass(Duration wait) {
    try {
      gate.await(wait);
      return List.of();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> fetch(Duration wait) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    gate.open();
    budget.refill();
    try {
      consumer.poll(resting.isPresent() ? Duration.ZERO : wait).forEach(records::add);
    } catch (WakeupException e) {
      // What was asked for.
    } catch (InterruptException e) {
      throw e;
    } catch (TopicAuthorizationException e) {
      leaveOut(e);
    } catch (KafkaException e) {
      if (!(e instanceof RetriableException)) {
        throw KafkaErrors.unexpected(e);
      }
    } finally {
      gate.close();
    }
    takeTurns(records);
    return records;
  }

  // A consumer hands over all that it has fetched of one partition before it looks at another: an
  // event of a canvas that has few would wait behind all that was fetched of one that has many.
  private void takeTurns(List<ConsumerRecord<byte[], byte[]>> records) {
    resting.filter(announced::contains).ifPresent(each -> consumer.resume(List.of(each)));
    resting = Optional.empty();
    boolean hasMore = budget.spent() || records.size() >= pollRecordsMax;
    if (!hasMore || records.isEmpty()) {
      return;
    }
    ConsumerRecord<byte[], byte[]> last = records.getLast();
    TopicPartition partition = new TopicPartition(last.topic(), last.partition());
    // It was not paused, or nothing of it had come; it may have been taken away in this poll.
    if (announced.contains(partition)) {
      consumer.pause(List.of(partition));
      resting = Optional.of(partition);
    }
  }

  /// Tells the loop of new partitions as soon as all about them can be read.
  private void announce() {
    askedNanos = System.nanoTime();
    Map<TopicPartition, Assigned> found;
    try {
      writer.open();
      found = newPartitions.read(unread);
    } catch (InterruptException e) {
      throw e;
    } catch (TopicAuthorizationException e) {
      leaveOut(e);
      return;
    } catch (KafkaException e) {
      KafkaWriter.throwIfFatal(e);
      return;
    }
    found.forEach((partition, assigned) -> consumer.seek(partition, assigned.start()));
    consumer.resume(found.keySet());
    unread.removeAll(found.keySet());
    announced.addAll(found.keySet());
    writer.assigned(found);
    if (!found.isEmpty()) {
      listener.ifPresent(l -> l.assigned(found));
    }
  }

  private void rethrow() {
    if (thrown.isPresent()) {
      RuntimeException exception = thrown.get();
      thrown = Optional.empty();
      throw exception;
    }
  }

  @Override
  public void wakeup() {
    gate.wake();
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    resting = resting.filter(each -> !partitions.contains(each));
    consumer.pause(partitions.stream().filter(announced::contains).toList());
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    consumer.resume(partitions.stream().filter(announced::contains).toList());
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    if (announced.contains(partition)) {
      consumer.seek(partition, offset);
    }
  }

  @Override
  public WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    return writer.commit(ledgers);
  }

  @Override
  public Optional<WriteResult> begin(Write transaction) {
    return writer.begin(transaction);
  }

  @Override
  public Optional<WriteResult> landed() {
    return writer.landed();
  }

  @Override
  public WriteResult resolve() {
    return writer.resolve();
  }

  @Override
  public void close() {
    listener = Optional.empty();
    try {
      consumer.close(CloseOptions.timeout(KafkaLogSettings.CLOSE_TIMEOUT));
    } catch (KafkaException e) {
      // The group notices when the session is over.
    }
    writer.close();
    queries.close();
  }

  /// Called by the consumer within a poll, on the loop's thread.
  private final class Rebalances implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      guarded(() -> {
        if (partitions.isEmpty()) {
          listener.ifPresent(l -> l.assigned(Map.of()));
        } else {
          unread.addAll(partitions);
          announce();
          hold();
        }
      });
    }

    /// Nothing is read of these, from whatever position, until they are announced.
    private void hold() {
      consumer.pause(unread);
      unread.forEach(partition -> consumer.seek(partition, 0));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      guarded(() -> gone(partitions, Assignments::revoked));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      guarded(() -> gone(partitions, Assignments::lost));
    }

    private void gone(
        Collection<TopicPartition> partitions,
        BiConsumer<Assignments, Collection<TopicPartition>> tell) {
      List<TopicPartition> told = partitions.stream().filter(announced::contains).toList();
      partitions.forEach(unread::remove);
      if (!told.isEmpty()) {
        listener.ifPresent(l -> tell.accept(l, told));
      }
      told.forEach(announced::remove);
      writer.forget(told);
    }

    private void guarded(Runnable callback) {
      boolean waiting = gate.close();
      try {
        callback.run();
      } catch (RuntimeException e) {
        thrown = thrown.or(() -> Optional.of(e));
      } finally {
        if (waiting) {
          gate.open();
        }
      }
    }
  }
}
