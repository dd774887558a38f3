package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Assigned;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.KafkaTransactions.Attempt;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RetriableCommitFailedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;

/// Writes ledgers, alone or together with records, and finds out what became of a write that was
/// not answered. Owned by the loop's thread.
///
/// A write that was not answered is found out by reading the ledgers again: a transaction happened
/// as a whole, so one ledger that it changed is enough.
final class KafkaWriter implements AutoCloseable {
  /// More wakeups than can be left over from one poll.
  private static final int WAKEUPS_MAX = 3;

  private final Consumer<byte[], byte[]> consumer;
  private final KafkaQueries queries;
  private final KafkaTransactions transactions;
  private final GoneTopics gone;
  private final Circumstances circumstances;

  /// What is committed, as far as this worker knows, of its partitions.
  private final Map<TopicPartition, Committed> known = new HashMap<>();

  /// Of whom a plain commit was not answered: it may be on its way yet, and undo a transaction that
  /// overtakes it. What is committed behind it, on the same connection, it cannot undo.
  private final Set<TopicPartition> mayStillArrive = new HashSet<>();

  private Optional<Write> unresolved = Optional.empty();
  private Optional<Flight> flight = Optional.empty();

  /// A transaction that goes on beside.
  private record Flight(Write write, Future<Attempt> attempt) {}

  /// Whose ledgers are written, and who is told that a topic of theirs must not be read.
  record Circumstances(
      String group, java.util.function.Consumer<TopicAuthorizationException> denied) {}

  KafkaWriter(
      Consumer<byte[], byte[]> consumer,
      KafkaQueries queries,
      KafkaTransactions transactions,
      Circumstances circumstances) {
    this.consumer = consumer;
    this.queries = queries;
    this.transactions = transactions;
    this.circumstances = circumstances;
    this.gone = new GoneTopics(queries, System::nanoTime);
  }

  /// Ends what this worker's name left open.
  ///
  /// @throws KafkaException if the brokers do not answer, or refuse
  void open() {
    transactions.open();
  }

  void assigned(Map<TopicPartition, Assigned> partitions) {
    partitions.forEach((partition, assigned) -> {
      gone.isThere(partition.topic());
      assigned.committed().ifPresent(c -> known.put(partition, c));
    });
  }

  void forget(Collection<TopicPartition> partitions) {
    partitions.forEach(known::remove);
    partitions.forEach(mayStillArrive::remove); // The group takes it from no former owner.
  }

  WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    Write write = Write.commit(ledgers);
    write.mustNotMeet(unresolved.isPresent(), flight.map(Flight::write));
    return refusal(write).orElseGet(() -> known(write, committed(write)));
  }

  private Optional<WriteResult> refusal(Write write) {
    return write.problem().<WriteResult>map(Rejected::bad).or(() -> gone.refusal(write));
  }

  private WriteResult known(Write write, WriteResult result) {
    if (result instanceof Unknown) {
      unresolved = Optional.of(write);
      return resolve();
    }
    if (result instanceof Written) {
      known.putAll(write.ledgers());
      if (write.records().isEmpty()) {
        mayStillArrive.clear(); // It was answered.
      }
    }
    return result;
  }

  private WriteResult committed(Write write) {
    for (Map<TopicPartition, OffsetAndMetadata> batch :
        CommitBatches.of(write.ledgers(), circumstances.group())) {
      WriteResult result = committed(batch);
      if (!(result instanceof Written)) {
        return result;
      }
    }
    return new Written();
  }

  private WriteResult committed(Map<TopicPartition, OffsetAndMetadata> batch) {
    for (int woken = 0; woken < WAKEUPS_MAX; woken++) {
      try {
        consumer.commitSync(batch, KafkaLogSettings.COMMIT_TIMEOUT);
        return new Written();
      } catch (WakeupException e) {
        // Left over from a poll. To commit the same again does no harm.
      } catch (TimeoutException | DisconnectException | RetriableCommitFailedException e) {
        return new Unknown(KafkaErrors.shown(e));
      } catch (TopicAuthorizationException e) {
        circumstances.denied().accept(e);
        return new NotWritten(KafkaErrors.shown(e));
      } catch (KafkaException e) {
        throwIfFatal(e);
        return KafkaErrors.rejection(e)
            .<WriteResult>map(rejected -> rejected)
            .orElseGet(() -> new NotWritten(KafkaErrors.shown(e)));
      }
    }
    return new Unknown("the commit was woken " + WAKEUPS_MAX + " times");
  }

  Optional<WriteResult> begin(Write write) {
    write.mustNotMeet(unresolved.isPresent(), flight.map(Flight::write));
    Optional<WriteResult> refusal = refusal(write);
    if (refusal.isPresent()) {
      return refusal;
    }
    if (!Collections.disjoint(mayStillArrive, write.ledgers().keySet())) {
      return Optional.of(new NotWritten("a commit that was not answered may still arrive", true));
    }
    ConsumerGroupMetadata member = consumer.groupMetadata();
    // The brokers check no member who has no generation.
    if (member.generationId() < 1 || member.memberId().isEmpty()) {
      return Optional.of(new NotWritten("this worker is not a member of the group now"));
    }
    flight = Optional.of(new Flight(write, transactions.begin(write, member)));
    return Optional.empty();
  }

  Optional<WriteResult> landed() {
    Flight flying =
        flight.orElseThrow(() -> new IllegalStateException("no transaction is on its way"));
    return flying.attempt().isDone() ? Optional.of(ended(flying)) : Optional.empty();
  }

  private WriteResult ended(Flight flying) {
    Attempt attempt = KafkaTransactions.await(flying.attempt());
    flight = Optional.empty();
    return known(
        flying.write(),
        switch (attempt) {
          case Attempt.Done() -> new Written();
          case Attempt.Unheard(var cause) -> new Unknown(KafkaErrors.shown(cause));
          case Attempt.Failed(var cause) -> failed(flying.write(), cause);
        });
  }

  private WriteResult failed(Write write, Throwable cause) {
    Optional<Rejected> rejection = KafkaErrors.rejection(cause);
    if (rejection.filter(each -> isOfRecords(each, write)).isPresent()) {
      return rejection.get();
    }
    if (cause instanceof TopicAuthorizationException e) {
      circumstances.denied().accept(e);
      return new NotWritten(KafkaErrors.shown(e));
    }
    if (cause instanceof KafkaException e) {
      throwIfFatal(e);
    }
    return Optional.of(cause)
        .filter(KafkaErrors::mayBeGone)
        .flatMap(c -> askForGone(write))
        .orElseGet(() -> new NotWritten(KafkaErrors.shown(cause)));
  }

  private static boolean isOfRecords(Rejected rejected, Write write) {
    return rejected.topics().isEmpty()
        || write.records().stream()
            .map(ProducerRecord::topic)
            .anyMatch(rejected.topics()::contains);
  }

  private Optional<WriteResult> askForGone(Write write) {
    try {
      return gone.ask(write);
    } catch (KafkaException e) {
      return Optional.empty();
    }
  }

  WriteResult resolve() {
    Write write =
        unresolved.orElseThrow(
            () -> new IllegalStateException("the result of the last write is known"));
    Map<TopicPartition, Optional<Committed>> found;
    try {
      if (!write.records().isEmpty()) {
        transactions.open();
      }
      found = queries.committed(write.ledgers().keySet());
    } catch (KafkaException e) {
      throwIfFatal(e);
      return new Unknown(KafkaErrors.shown(e));
    }
    if (!found.keySet().containsAll(write.ledgers().keySet())) {
      return new Unknown("another transaction is pending");
    }
    unresolved = Optional.empty();
    if (write.records().isEmpty()) {
      // Also if it is stored: what was committed before may have said the same.
      mayStillArrive.addAll(write.ledgers().keySet());
    }
    if (isStored(write, found)) {
      known.putAll(write.ledgers());
      return new Written();
    }
    askForGone(write);
    return new NotWritten("no answer, and it is not stored");
  }

  private boolean isStored(Write write, Map<TopicPartition, Optional<Committed>> found) {
    List<TopicPartition> telling =
        write.ledgers().entrySet().stream()
            .filter(e -> write.records().isEmpty() || !e.getValue().equals(known.get(e.getKey())))
            .map(Map.Entry::getKey)
            .toList();
    return write.records().isEmpty()
        ? telling.stream().allMatch(p -> isStored(write, found, p))
        : telling.stream().anyMatch(p -> isStored(write, found, p));
  }

  private static boolean isStored(
      Write write, Map<TopicPartition, Optional<Committed>> found, TopicPartition partition) {
    return found
        .getOrDefault(partition, Optional.empty())
        .equals(Optional.ofNullable(write.ledgers().get(partition)));
  }

  /// Throws what trying again cannot help.
  static void throwIfFatal(KafkaException error) {
    Optional<LogFatalException> fatal = KafkaErrors.fatal(error);
    if (fatal.isPresent()) {
      throw fatal.get();
    }
  }

  @Override
  public void close() {
    transactions.close();
  }
}
