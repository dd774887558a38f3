package dev.nightshift.common.dead;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TransactionErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes transactions under the fleet's one transactional id for dead letters. Owned by one
/// thread.
final class DeadWriter implements AutoCloseable {
  /// As long as workers may have to wait behind a transaction whose writer was killed.
  private static final Duration TRANSACTION_MAX = Duration.ofSeconds(10);

  private static final int RECORD_BYTES_MAX = 9 << 20;

  private final Cluster cluster;
  private final KafkaProducer<byte[], byte[]> producer;

  private DeadWriter(Cluster cluster, KafkaProducer<byte[], byte[]> producer) {
    this.cluster = cluster;
    this.producer = producer;
  }

  /// Begins to write. When it returns, whoever wrote before can write no more, and each of their
  /// transactions is over, one way or the other.
  static DeadWriter open(Map<String, Object> clientConfig, TopicPlan plan, Duration timeout) {
    Cluster cluster = Cluster.of(clientConfig, timeout);
    try {
      KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              ClientConfig.producer(clientConfig, settings(plan, timeout)),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      DeadWriter writer = new DeadWriter(cluster, producer);
      try {
        producer.initTransactions();
        return writer;
      } catch (RuntimeException e) {
        writer.close();
        throw e;
      }
    } catch (KafkaException e) {
      if (TransactionErrors.isOvertaken(e)) {
        throw new DeadLetterException.Overtaken();
      }
      throw cluster.failure("begin to write under the id " + plan.deadTransactionalId(), e);
    }
  }

  private static Map<String, Object> settings(TopicPlan plan, Duration timeout) {
    int wait = Math.toIntExact(timeout.toMillis());
    Map<String, Object> settings = new HashMap<>();
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("transactional.id", plan.deadTransactionalId());
    settings.put("transaction.timeout.ms", Math.toIntExact(TRANSACTION_MAX.toMillis()));
    settings.put("max.block.ms", wait);
    settings.put("delivery.timeout.ms", wait);
    settings.put("request.timeout.ms", Math.max(1, wait / 2));
    settings.put("linger.ms", 0);
    // While markers of the last transaction are written, the next one waits as long as this.
    settings.put("retry.backoff.ms", 2);
    settings.put("compression.type", "lz4");
    settings.put("max.request.size", RECORD_BYTES_MAX);
    settings.put("partitioner.class", RoundRobinPartitioner.class);
    return settings;
  }

  /// Writes all of these records, or none.
  ///
  /// @return empty if they are written; else why Kafka will never take one of them
  /// @throws DeadLetterException.Overtaken if somebody else began to write
  /// @throws dev.nightshift.common.FleetException if it may not have been written
  Optional<String> write(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sends = new ArrayList<>(records.size());
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        sends.add(producer.send(record));
      }
      await(sends);
      producer.commitTransaction();
      return Optional.empty();
    } catch (ExecutionException e) {
      return refused(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException | KafkaException e) {
      return refused(e);
    }
  }

  private void await(List<Future<RecordMetadata>> sends)
      throws ExecutionException, TimeoutException {
    try {
      for (Future<RecordMetadata> send : sends) {
        send.get(cluster.timeout().toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private Optional<String> refused(Throwable failure) {
    if (TransactionErrors.isOvertaken(failure)) {
      throw new DeadLetterException.Overtaken();
    }
    if (!TransactionErrors.isForGood(failure)) {
      throw cluster.failure("write what becomes of dead letters", failure);
    }
    try {
      producer.abortTransaction();
    } catch (KafkaException e) {
      throw TransactionErrors.isOvertaken(e)
          ? new DeadLetterException.Overtaken()
          : cluster.failure("give up a transaction", e);
    }
    return Optional.of(
        "Kafka refuses it ("
            + failure.getClass().getSimpleName()
            + ": "
            + failure.getMessage()
            + ")");
  }

  /// Leaves a transaction that is open to the next writer, as a process that is killed does.
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
