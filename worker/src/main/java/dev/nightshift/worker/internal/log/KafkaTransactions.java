package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Write;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/// One transaction at a time, on a thread of its own, with a producer that is replaced whenever it
/// is in doubt. Called by the loop's thread.
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
  private final Runnable landed;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("nightshift-transactions").factory());

  // Set by that thread, and by `close`.
  private volatile Optional<Producer<byte[], byte[]>> current = Optional.empty();

  /// @param landed called on that thread whenever a transaction has ended
  KafkaTransactions(Supplier<Producer<byte[], byte[]>> producers, Runnable landed) {
    this.producers = producers;
    this.landed = landed;
  }

  /// Makes sure that there is a producer. When it returns, every transaction that this worker's
  /// name began before has ended, one way or the other, but for one that is on its way.
  ///
  /// @throws KafkaException if the brokers do not answer, or refuse
  void open() {
    if (current.isEmpty()) {
      await(thread.submit(this::producer));
    }
  }

  /// Begins a transaction; it never fails but with what nobody expects.
  Future<Attempt> begin(Write write, ConsumerGroupMetadata member) {
    FutureTask<Attempt> flight =
        new FutureTask<>(() -> attempt(write, member)) {
          @Override
          protected void done() {
            landed.run();
          }
        };
    thread.execute(flight);
    return flight;
  }

  private Producer<byte[], byte[]> producer() {
    Optional<Producer<byte[], byte[]>> known = current;
    if (known.isPresent()) {
      return known.get();
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

  private Attempt attempt(Write write, ConsumerGroupMetadata member) {
    Producer<byte[], byte[]> producer;
    try {
      producer = producer();
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
    thread.shutdownNow();
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
  static <T> T await(Future<T> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
    }
  }
}
