package dev.nightshift.scheduler.internal.follow;

import dev.nightshift.common.Readers;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.partition.Inbox;
import dev.nightshift.scheduler.internal.partition.Message;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the whole delayed topic from its start on, committed records only, and hands each
/// partition to its thread. Its own thread reads; a partition whose inbox is full is not read
/// meanwhile.
public final class Follower implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(500);
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private static final int FETCH_BYTES_MAX = 4 << 20;
  private static final int PARTITION_FETCH_BYTES_MAX = 512 << 10;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Inbox> inboxes = new HashMap<>();
  private final Consumer<SchedulerEvent> events;
  private final OwnThread thread;

  // The thread's own.
  private final Map<TopicPartition, Long> handedTo = new HashMap<>();
  private Map<TopicPartition, Long> firstEnds = Map.of();
  private boolean isBehind;

  // Written by the thread, read by all.
  private volatile boolean caughtUp;

  private Follower(
      KafkaConsumer<byte[], byte[]> consumer,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    this.consumer = consumer;
    this.events = events;
    this.thread =
        new OwnThread(
            "nightshift-follows-delayed", failed, this::run, () -> Readers.close(consumer));
  }

  /// Starts the thread.
  ///
  /// @param inboxes of the partitions' threads, by partition
  /// @param failed told if it ends for a reason that nobody foresaw
  public static Follower start(
      Map<String, Object> client,
      TopicPlan plan,
      List<Inbox> inboxes,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {
    Follower started =
        new Follower(
            Readers.open(
                client,
                Map.of(
                    "max.poll.records", "2000",
                    "fetch.max.bytes", Integer.toString(FETCH_BYTES_MAX),
                    "max.partition.fetch.bytes", Integer.toString(PARTITION_FETCH_BYTES_MAX)),
                new ByteArrayDeserializer()),
            events,
            failed);
    for (int i = 0; i < inboxes.size(); i++) {
      started.inboxes.put(new TopicPartition(plan.delayed(), i), inboxes.get(i));
    }
    started.thread.start();
    return started;
  }

  /// Whether it has read all that there was when it began.
  public boolean caughtUp() {
    return caughtUp;
  }

  /// Ends the thread; waits for it a moment.
  @Override
  public void close() {
    thread.end(consumer::wakeup, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    consumer.assign(inboxes.keySet());
    consumer.seekToBeginning(inboxes.keySet());
    while (!thread.isEnding()) {
      turn();
    }
  }

  private void turn() throws InterruptedException {
    try {
      if (firstEnds.isEmpty()) {
        firstEnds = consumer.endOffsets(inboxes.keySet());
      }
      inboxes.forEach((partition, inbox) -> {
        if (inbox.hasRoom()) {
          consumer.resume(List.of(partition));
        } else {
          consumer.pause(List.of(partition));
        }
      });
      handOver(consumer.poll(POLL));
      caughtUp =
          caughtUp
              || firstEnds.entrySet().stream()
                  .allMatch(end -> handedTo.getOrDefault(end.getKey(), 0L) >= end.getValue());
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

  // Marks of transactions move the position without a record. The consumer is not asked for it:
  // while a partition's leader changes it does not know, and what was polled of others would be
  // lost.
  private void handOver(ConsumerRecords<byte[], byte[]> polled) {
    polled
        .nextOffsets()
        .forEach((partition, next) -> {
          Inbox inbox = Objects.requireNonNull(inboxes.get(partition));
          inbox.post(new Message.Read(new ArrayList<>(polled.records(partition)), next.offset()));
          handedTo.put(partition, next.offset());
        });
  }
}
