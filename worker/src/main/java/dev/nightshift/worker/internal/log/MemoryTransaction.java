package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.apache.kafka.common.TopicPartition;

/// One transaction: open, then committed or aborted, for ever. Owned by the cluster's thread.
final class MemoryTransaction {
  private enum State {
    OPEN,
    COMMITTED,
    ABORTED
  }

  private final String worker;
  private final Instant began;
  private final SequencedSet<MemoryPartition> partitions = new LinkedHashSet<>();
  private final SequencedMap<TopicPartition, Committed> ledgers = new LinkedHashMap<>();
  private State state = State.OPEN;

  MemoryTransaction(String worker, Instant began) {
    this.worker = worker;
    this.began = began;
  }

  String worker() {
    return worker;
  }

  Instant began() {
    return began;
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isCommitted() {
    return state == State.COMMITTED;
  }

  /// The ledgers that it will commit.
  SequencedMap<TopicPartition, Committed> ledgers() {
    return ledgers;
  }

  /// It has a record in this partition.
  void touched(MemoryPartition partition) {
    partitions.add(partition);
  }

  /// Ends it, with a marker in each partition where it has a record.
  void end(boolean commit) {
    if (!isOpen()) {
      throw new IllegalStateException("a transaction of " + worker + " is " + state + " already");
    }
    state = commit ? State.COMMITTED : State.ABORTED;
    partitions.forEach(p -> p.mark(this));
  }
}
