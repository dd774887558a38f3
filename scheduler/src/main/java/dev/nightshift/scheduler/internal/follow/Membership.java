package dev.nightshift.scheduler.internal.follow;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.partition.Inbox;
import dev.nightshift.scheduler.internal.partition.Message;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Is a member of the schedulers' group, which gives out the partitions of the delayed topic, and
/// tells the partitions' threads. It reads nothing. Its own thread speaks to the group.
public final class Membership implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(500);

  /// For so long the group believes that a silent scheduler lives: the shortest that brokers allow
  /// by default.
  private static final Duration SESSION = Duration.ofSeconds(6);

  /// The others hear with their next heartbeat that one is gone.
  private static final Duration HEARTBEAT = Duration.ofMillis(500);

  /// The longest transaction, nearly always. Whoever gets the partition then stops it.
  private static final Duration RELEASE_MAX = Duration.ofSeconds(3);

  private static final Duration LEAVE_MAX = Duration.ofSeconds(1);
  private static final Duration END_MAX = RELEASE_MAX.plus(LEAVE_MAX);

  private final TopicPlan plan;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Inbox> inboxes;
  private final Consumer<SchedulerEvent> events;
  private final Consumer<Throwable> failed;
  private final OwnThread thread;

  // The thread's own.
  private boolean isBehind;

  // Written by the thread, read by all.
  private volatile @Nullable ConsumerGroupMetadata member;
  private volatile boolean joined;

  private Membership(
      TopicPlan plan,
      KafkaConsumer<byte[], byte[]> consumer,
      List<Inbox> inboxes,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    this.plan = plan;
    this.consumer = consumer;
    this.inboxes = List.copyOf(inboxes);
    this.events = events;
    this.failed = failed;
    this.thread =
        new OwnThread(
            "nightshift-schedulers",
            failed,
            this::run,
            () -> consumer.close(CloseOptions.timeout(LEAVE_MAX)));
  }

  /// Makes it; [#start] joins the group.
  ///
  /// @param name the scheduler's
  /// @param inboxes of the partitions' threads, by partition
  /// @param failed told if the scheduler cannot go on
  public static Membership of(
      Map<String, Object> client,
      TopicPlan plan,
      String name,
      List<Inbox> inboxes,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("session.timeout.ms", millis(SESSION));
    settings.put("heartbeat.interval.ms", millis(HEARTBEAT));
    settings.putAll(
        ClientConfig.consumer(
            client,
            Map.of(
                "client.id", name,
                "group.id", plan.schedulersGroup(),
                "group.protocol", "classic",
                "partition.assignment.strategy", CooperativeStickyAssignor.class.getName(),
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false")));
    return new Membership(
        plan,
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        inboxes,
        events,
        failed);
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  /// Joins the group.
  public void start() {
    thread.start();
  }

  /// How the group knows this scheduler; empty while it does not.
  public Optional<ConsumerGroupMetadata> member() {
    return Optional.ofNullable(member).filter(known -> known.generationId() >= 0);
  }

  /// Whether the group has told which partitions are this scheduler's.
  public boolean joined() {
    return joined;
  }

  /// Leaves the group, once nothing of its partitions is written any more.
  @Override
  public void close() {
    thread.end(consumer::wakeup, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    consumer.subscribe(List.of(plan.delayed()), new Listener());
    while (!thread.isEnding()) {
      turn();
    }
  }

  private void turn() throws InterruptedException {
    try {
      consumer.poll(POLL);
      member = consumer.groupMetadata();
      if (isBehind) {
        isBehind = false;
        events.accept(new SchedulerEvent.FollowingGoesOn());
      }
    } catch (WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      if (!isBehind) {
        isBehind = true;
        events.accept(
            new SchedulerEvent.FollowingDelayed(
                e.getClass().getSimpleName() + ": " + e.getMessage()));
      }
      thread.rest(PAUSE_AFTER_PROBLEM);
    }
  }

  private List<Inbox> inboxes(Collection<TopicPartition> partitions) {
    return partitions.stream()
        .map(TopicPartition::partition)
        .filter(each -> each < inboxes.size())
        .map(inboxes::get)
        .toList();
  }

  private void release(Collection<TopicPartition> partitions) {
    List<Inbox> told = inboxes(partitions);
    CountDownLatch released = new CountDownLatch(told.size());
    told.forEach(each -> each.post(new Message.Release(released)));
    try {
      if (!released.await(RELEASE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        events.accept(
            new SchedulerEvent.FollowingDelayed(
                "partitions are given up in the midst of a transaction"));
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private final class Listener implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      member = consumer.groupMetadata();
      joined = true;
      // Others read; here the offsets are of no use.
      consumer.pause(partitions);
      partitions.forEach(each -> consumer.seek(each, 0));
      List<Inbox> told = inboxes(partitions);
      told.forEach(each -> each.post(new Message.Own()));
      if (told.size() < partitions.size()) {
        // Thrown here it would be taken for a trouble of Kafka's that passes.
        failed.accept(
            new IllegalStateException(
                "the topic "
                    + plan.delayed()
                    + " has got more partitions than the "
                    + inboxes.size()
                    + " that it had when this scheduler started"));
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      release(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      release(partitions);
    }
  }
}
