package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/// One transaction at a time, with a producer that is replaced whenever it is in doubt. Owned by
/// the loop's thread.
final class KafkaTransactions implements AutoCloseable {
  /// How a transaction ended.
  sealed interface Attempt {
    /// It is committed.
    record Done() implements Attempt {}

    /// It is not, nor can it be any more: nobody asked for its commit.
    record Failed(Throwable cause) implements Attempt {}

    /// Its commit was asked for and not answered.
    record Unheard(Throwable cause) implements Attempt {}
  }

  private final Supplier<Producer<byte[], byte[]>> producers;
  private Optional<Producer<byte[], byte[]>> current = Optional.empty();

  KafkaTransactions(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /// Makes sure that there is a producer. When it returns, every transaction that this worker's
  /// name began before has ended, one way or the other.
  ///
  /// @throws KafkaException if the brokers do not answer, or refuse
  Producer<byte[], byte[]> open() {
    if (current.isPresent()) {
      return current.get();
    }
    Producer<byte[], byte[]> producer = producers.get();
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
    current = Optional.of(producer);
    return producer;
  }

  Attempt attempt(Write write, ConsumerGroupMetadata member) {
    Producer<byte[], byte[]> producer;
    try {
      producer = open();
    } catch (KafkaException e) {
      return new Attempt.Failed(e);
    }
    List<Future<RecordMetadata>> sends = new ArrayList<>(write.records().size());
    boolean ending = false;
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : write.records()) {
        sends.add(producer.send(record));
        stopIfFailed(sends.getLast());
      }
      producer.sendOffsetsToTransaction(CommitBatches.whole(write.ledgers()), member);
      sends.forEach(KafkaTransactions::await);
      ending = true;
      producer.commitTransaction();
      return new Attempt.Done();
    } catch (KafkaException | IllegalStateException e) {
      if (ending) {
        discard();
        return new Attempt.Unheard(e);
      }
      Throwable cause = firstFailure(sends).orElse(e);
      abort(producer);
      return new Attempt.Failed(cause);
    }
  }

  private void abort(Producer<byte[], byte[]> producer) {
    try {
      producer.abortTransaction();
    } catch (KafkaException | IllegalStateException e) {
      // The next producer ends the transaction.
      discard();
    }
  }

  /// The next transaction begins with a new producer.
  private void discard() {
    current.ifPresent(p -> p.close(Duration.ZERO));
    current = Optional.empty();
  }

  /// Leaves open what is open, as a process that ends does: the next owner ends it.
  @Override
  public void close() {
    discard();
  }

  /// The others fail for the sake of the first one, which says why.
  private static Optional<Throwable> firstFailure(List<Future<RecordMetadata>> sends) {
    return sends.stream()
        .filter(s -> s.state() == Future.State.FAILED)
        .findFirst()
        .map(Future::exceptionNow);
  }

  private static void stopIfFailed(Future<RecordMetadata> send) {
    if (send.isDone()) {
      await(send);
    }
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
}
