package dev.nightshift.scheduler.internal.follow;

import dev.nightshift.common.Readers;
import dev.nightshift.common.Silence;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.scheduler.internal.partition.Ask;
import dev.nightshift.scheduler.internal.partition.Message;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads records of the delayed topic again, by their offsets: on a thread of its own, for all
/// partitions' threads, one request after another. A partition asks again only when it was
/// answered, so there are no more requests than partitions.
public final class Payloads implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_PROBLEM = Duration.ofMillis(200);
  private static final Duration END_MAX = Duration.ofSeconds(1);

  /// A gap that is not longer is read over: to seek throws away what was fetched ahead.
  private static final long GAP_MAX = 2_000;

  /// How many records are handed over at once.
  private static final int RECORDS_MAX = 500;

  private static final int FETCH_BYTES_MAX = 4 << 20;
  private static final int PARTITION_FETCH_BYTES_MAX = 256 << 10;

  private final TopicPlan plan;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BlockingQueue<Ask> asks = new LinkedBlockingQueue<>();
  private final OwnThread thread;

  private Payloads(
      TopicPlan plan, KafkaConsumer<byte[], byte[]> consumer, Consumer<Throwable> failed) {
    this.plan = plan;
    this.consumer = consumer;
    this.thread =
        new OwnThread("nightshift-payloads", failed, this::run, () -> Readers.close(consumer));
  }

  /// Starts the thread.
  ///
  /// @param failed told if it ends for a reason that nobody foresaw
  public static Payloads start(
      Map<String, Object> client, TopicPlan plan, String name, Consumer<Throwable> failed) {
    Payloads started =
        new Payloads(
            plan,
            Readers.open(
                client,
                Map.of(
                    "client.id",
                    name + "-payloads",
                    // What is asked for was committed; other transactions hold up nothing.
                    "isolation.level",
                    "read_uncommitted",
                    "max.poll.records",
                    "2000",
                    "fetch.max.bytes",
                    Integer.toString(FETCH_BYTES_MAX),
                    "max.partition.fetch.bytes",
                    Integer.toString(PARTITION_FETCH_BYTES_MAX)),
                new ByteArrayDeserializer()),
            failed);
    started.thread.start();
    return started;
  }

  /// Asks for records; returns at once.
  public void ask(Ask ask) {
    asks.add(ask);
  }

  /// Ends the thread; waits for it a moment.
  @Override
  public void close() {
    thread.end(Duration.ZERO, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    while (!thread.isEnding()) {
      answer(asks.take());
    }
  }

  private void answer(Ask ask) throws InterruptedException {
    Answer answer = new Answer(ask);
    try {
      read(ask, answer);
    } catch (org.apache.kafka.common.errors.InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      // It is asked again.
      thread.rest(PAUSE_AFTER_PROBLEM);
    }
    answer.send(true);
  }

  private void read(Ask ask, Answer answer) {
    TopicPartition partition = new TopicPartition(plan.delayed(), ask.partition());
    consumer.assign(List.of(partition));
    consumer.seek(partition, ask.offsets()[0]);
    Silence silence = new Silence(SILENCE_MAX);
    while (answer.wantsMore()) {
      if (answer.next() - consumer.position(partition) > GAP_MAX) {
        consumer.seek(partition, answer.next());
      }
      long before = System.nanoTime();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        answer.read(record);
      }
      long position = consumer.position(partition);
      answer.readTo(position);
      if (silence.isTooLong(System.nanoTime() - before, Long.MAX_VALUE - position)) {
        return;
      }
    }
  }

  /// What was read for one request.
  private static final class Answer {
    private final Ask ask;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Long> missing = new ArrayList<>();
    private int answered;
    private long bytes;

    Answer(Ask ask) {
      this.ask = ask;
    }

    boolean wantsMore() {
      return answered < ask.offsets().length && bytes < ask.bytesMax();
    }

    long next() {
      return ask.offsets()[answered];
    }

    void read(ConsumerRecord<byte[], byte[]> record) {
      readTo(record.offset());
      if (wantsMore() && next() == record.offset()) {
        answered++;
        Readers.detach(record);
        records.add(record);
        bytes += Math.max(0, record.serializedValueSize());
        if (records.size() == RECORDS_MAX) {
          send(false);
        }
      }
    }

    /// All below an offset was read.
    void readTo(long offset) {
      while (wantsMore() && next() < offset) {
        missing.add(next());
        answered++;
      }
    }

    void send(boolean over) {
      ask.inbox()
          .post(new Message.Loaded(ask.number(), List.copyOf(records), List.copyOf(missing), over));
      records.clear();
      missing.clear();
    }
  }
}
