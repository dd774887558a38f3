package dev.nightshift.scheduler.internal.partition;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TransactionErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Writes what becomes of one partition's events, in transactions under an id that belongs to the
/// partition: whoever opens it later stops who opened it before. Owned by the partition's thread.
final class TimerWriter implements AutoCloseable {
  private static final Duration BLOCK_MAX = Duration.ofSeconds(3);
  private static final Duration REQUEST_MAX = Duration.ofSeconds(4);
  private static final Duration DELIVERY_MAX = Duration.ofSeconds(5);

  /// How long a killed scheduler's transaction holds up others if nobody takes its partition.
  private static final Duration TRANSACTION_MAX = Duration.ofSeconds(10);

  /// How large a record may be is the topic's to say, not the client's.
  private static final int REQUEST_BYTES_MAX = 32 << 20;

  private final Map<String, Object> settings;
  private final TopicPartition partition;
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /// How a transaction ended.
  sealed interface Result {
    /// It is committed.
    record Done() implements Result {}

    /// It is not, nor can it be any more.
    ///
    /// @param record which record failed first; empty if it was none of them
    /// @param forGood whether Kafka will never take that record
    record Failed(OptionalInt record, boolean forGood, Throwable cause) implements Result {}

    /// Nobody knows.
    record Unheard(Throwable cause) implements Result {}

    /// It is not: somebody else has opened this partition since.
    record Fenced(Throwable cause) implements Result {}
  }

  /// @param partitions how many the delayed topic has, each with a writer
  TimerWriter(
      Map<String, Object> client, TopicPlan plan, String name, int partition, int partitions) {
    this.partition = new TopicPartition(plan.delayed(), partition);
    this.settings =
        ClientConfig.producer(client, promises(name, plan.timersTransactionalId(partition)));
    settings.putAll(StretchPartitioner.settings(partition, partitions));
  }

  private static Map<String, Object> promises(String name, String transactionalId) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("client.id", name);
    settings.put("transactional.id", transactionalId);
    settings.put("transaction.timeout.ms", millis(TRANSACTION_MAX));
    settings.put("enable.idempotence", true);
    settings.put("acks", "all");
    settings.put("max.block.ms", millis(BLOCK_MAX));
    settings.put("request.timeout.ms", millis(REQUEST_MAX));
    settings.put("delivery.timeout.ms", millis(DELIVERY_MAX));
    settings.put("linger.ms", 0);
    // While markers of the last transaction are written, the next one waits as long as this.
    settings.put("retry.backoff.ms", 2);
    // What came compressed may only fit compressed.
    settings.put("compression.type", "lz4");
    settings.put("max.request.size", REQUEST_BYTES_MAX);
    return settings;
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  boolean isOpen() {
    return producer != null;
  }

  /// Begins to write. When it returns, whoever wrote before can write no more, and each of their
  /// transactions is over, one way or the other.
  ///
  /// @throws KafkaException if the brokers do not answer, or refuse
  void open() {
    close();
    KafkaProducer<byte[], byte[]> made =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    try {
      made.initTransactions();
    } catch (RuntimeException e) {
      made.close(Duration.ZERO);
      throw e;
    }
    producer = made;
  }

  /// Writes all of these records, or none. Where it is not known which, or somebody else writes, it
  /// has to be opened again before anything else is written.
  ///
  /// @param readTo is committed with them: a transaction without an offset is not refused to who is
  ///   no member any more
  Result write(
      List<ProducerRecord<byte[], byte[]>> records, long readTo, ConsumerGroupMetadata member) {
    KafkaProducer<byte[], byte[]> open = producer;
    if (open == null) {
      throw new IllegalStateException("it is not open");
    }
    List<Future<RecordMetadata>> sends = new ArrayList<>(records.size());
    boolean ending = false;
    try {
      open.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        Future<RecordMetadata> send = open.send(record);
        sends.add(send);
        if (send.state() == Future.State.FAILED) {
          break; // Each further one would wait for its topic as long.
        }
      }
      open.sendOffsetsToTransaction(Map.of(partition, new OffsetAndMetadata(readTo)), member);
      for (Future<RecordMetadata> send : sends) {
        await(send);
      }
      ending = true;
      open.commitTransaction();
      return new Result.Done();
    } catch (KafkaException | IllegalStateException e) {
      if (TransactionErrors.isOvertaken(e)) {
        close();
        return new Result.Fenced(e);
      }
      if (ending) {
        close();
        return new Result.Unheard(e);
      }
      return abort(open, failed(sends, e));
    }
  }

  private Result abort(KafkaProducer<byte[], byte[]> open, Result failed) {
    try {
      open.abortTransaction();
      return failed;
    } catch (KafkaException | IllegalStateException e) {
      close();
      return TransactionErrors.isOvertaken(e) ? new Result.Fenced(e) : failed;
    }
  }

  // The others fail for the sake of the first one, which says why.
  private static Result failed(List<Future<RecordMetadata>> sends, RuntimeException otherwise) {
    for (int i = 0; i < sends.size(); i++) {
      if (sends.get(i).state() == Future.State.FAILED) {
        Throwable cause = sends.get(i).exceptionNow();
        return new Result.Failed(OptionalInt.of(i), TransactionErrors.isForGood(cause), cause);
      }
    }
    // The next one was not taken at all.
    boolean ofRecord = TransactionErrors.isForGood(otherwise);
    return new Result.Failed(
        ofRecord ? OptionalInt.of(sends.size()) : OptionalInt.empty(), ofRecord, otherwise);
  }

  /// Bounded by the producer's `delivery.timeout.ms`.
  private static void await(Future<RecordMetadata> send) {
    try {
      send.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }

  /// Leaves open what is open, as a process that ends does: the next owner ends it.
  @Override
  public void close() {
    KafkaProducer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      open.close(Duration.ZERO);
    }
  }
}
