package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;

/// The open transactions, at most one of each worker, and what the group committed, which outlives
/// the topics. Owned by the cluster's thread.
final class MemoryTransactions {
  private final SequencedMap<String, MemoryTransaction> open = new LinkedHashMap<>();
  private final SequencedMap<TopicPartition, Committed> committed = new LinkedHashMap<>();

  /// Begins a transaction, after ending what this worker left open.
  MemoryTransaction begin(String worker, Instant now) {
    abort(worker);
    MemoryTransaction transaction = new MemoryTransaction(worker, now);
    open.put(worker, transaction);
    return transaction;
  }

  void commit(MemoryTransaction transaction) {
    transaction.end(true);
    open.remove(transaction.worker());
    committed.putAll(transaction.ledgers());
  }

  /// Ends what this worker left open, if anything.
  void abort(String worker) {
    Optional.ofNullable(open.remove(worker)).ifPresent(t -> t.end(false));
  }

  /// Ends all of these.
  void abort(Predicate<MemoryTransaction> which) {
    List<MemoryTransaction> ended = open.values().stream().filter(which).toList();
    ended.forEach(t -> abort(t.worker()));
  }

  /// The workers with an open transaction.
  List<String> workers() {
    return List.copyOf(open.keySet());
  }

  /// A plain commit.
  void put(TopicPartition partition, Committed ledger) {
    committed.put(partition, ledger);
  }

  Optional<Committed> committed(TopicPartition partition) {
    return Optional.ofNullable(committed.get(partition));
  }

  /// Whether an open transaction will or will not replace what is committed.
  boolean pending(TopicPartition partition) {
    return open.values().stream().anyMatch(t -> t.ledgers().containsKey(partition));
  }
}
