package dev.nightshift.worker.internal.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.worker.internal.log.EventLog.Assigned;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A worker of [EventLogContract]: polls, and keeps what it is told.
final class Member implements EventLog.Assignments {
  private static final Duration WAIT = Duration.ofMillis(20);
  private static final Duration LANDED_MAX = Duration.ofMinutes(2);
  private static final long LOOK_NANOS = 100_000;

  final String worker;
  final EventLog log;

  /// What it owns now.
  final SortedMap<TopicPartition, Assigned> owned = new TreeMap<>(MemoryAssignor.ORDER);

  final List<TopicPartition> revoked = new ArrayList<>();
  final List<TopicPartition> lost = new ArrayList<>();
  final Set<String> forbidden = new HashSet<>();
  final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  private Map<TopicPartition, Committed> committed = Map.of();

  /// What it does when partitions are revoked, right before the call returns.
  Consumer<Collection<TopicPartition>> onRevoke = partitions -> {};

  Member(String worker, EventLog log) {
    this.worker = worker;
    this.log = log;
  }

  void turn() {
    records.addAll(log.poll(WAIT, this));
  }

  /// Commits, or waits until a transaction has landed: without a poll, as within a revocation.
  /// Where a commit was not answered in time that is done again first, as the loop does.
  WriteResult write(Write write) {
    if (write.records().isEmpty()) {
      committed = write.ledgers();
      return log.commit(write.ledgers());
    }
    Optional<WriteResult> result = log.begin(write);
    if (result.isPresent()
        && result.get() instanceof WriteResult.NotWritten not
        && not.commitFirst()) {
      WriteResult first = log.commit(committed);
      result = first instanceof WriteResult.Written ? log.begin(write) : Optional.of(first);
    }
    long until = System.nanoTime() + LANDED_MAX.toNanos();
    while (result.isEmpty()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError(
            "a transaction of " + worker + " has not landed after " + LANDED_MAX);
      }
      LockSupport.parkNanos(LOOK_NANOS);
      result = log.landed();
    }
    return result.get();
  }

  /// The partition as it was when it was assigned.
  Assigned at(TopicPartition partition) {
    return Optional.ofNullable(owned.get(partition))
        .orElseThrow(() -> new AssertionError(worker + " does not own " + partition));
  }

  List<String> values() {
    return records.stream().map(r -> new String(r.value(), UTF_8)).toList();
  }

  List<String> values(TopicPartition partition) {
    return records.stream()
        .filter(r -> r.topic().equals(partition.topic()) && r.partition() == partition.partition())
        .map(r -> new String(r.value(), UTF_8))
        .toList();
  }

  @Override
  public void assigned(Map<TopicPartition, Assigned> partitions) {
    owned.putAll(partitions);
  }

  @Override
  public void revoked(Collection<TopicPartition> partitions) {
    check(partitions);
    onRevoke.accept(partitions);
    owned.keySet().removeAll(partitions);
    revoked.addAll(partitions);
  }

  @Override
  public void lost(Collection<TopicPartition> partitions) {
    check(partitions);
    owned.keySet().removeAll(partitions);
    lost.addAll(partitions);
  }

  @Override
  public void forbidden(Set<String> topics, String reason) {
    forbidden.addAll(topics);
  }

  private void check(Collection<TopicPartition> partitions) {
    if (partitions.isEmpty() || !owned.keySet().containsAll(partitions)) {
      throw new AssertionError(
          worker + " is told of " + partitions + " and owns " + owned.keySet());
    }
  }
}
