package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.worker.internal.log.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// A log with one partition of any number of events, which are made when they are read: for tests
/// with more of them than fit into memory. Beside it, a retry partition with what was moved there.
/// One worker reads both; a new one may take over.
final class StreamedLog implements EventLog {
  static final TopicPartition EVENTS = new TopicPartition("events.a", 0);
  static final TopicPartition RETRY = new TopicPartition(SimEvent.RETRY, 0);

  private static final Uuid TOPIC_ID = new Uuid(1, 1);
  private static final int POLL_RECORDS_MAX = 2_000;

  private final Map<TopicPartition, Committed> committed = new HashMap<>();
  private final List<ConsumerRecord<byte[], byte[]>> retries = new ArrayList<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Set<TopicPartition> paused = new HashSet<>();
  private long end;
  private boolean revoke;
  private Optional<String> refused = Optional.empty();
  private int longestMetadata;
  private Runnable duringWrite = () -> {};
  private boolean unheard;
  private final List<ProducerRecord<byte[], byte[]>> inLanes = new ArrayList<>();
  private boolean beside;
  private Optional<Write> flying = Optional.empty();

  /// There are events up to this offset now.
  void endAt(long offset) {
    end = offset;
  }

  /// The next poll takes everything away.
  void revoke() {
    revoke = true;
  }

  /// The reader died; the next poll is that of another.
  void readerDied() {
    positions.clear();
    paused.clear();
  }

  /// Records of this topic are refused for good.
  void refuse(String topic) {
    refused = Optional.of(topic);
  }

  /// What happens meanwhile.
  void duringWrite(Runnable happens) {
    duringWrite = happens;
  }

  /// The next write is stored, and its answer is lost.
  void loseAnswer() {
    unheard = true;
  }

  /// Transactions stay on their way, until they are no more to.
  void beside(boolean now) {
    beside = now;
  }

  /// Nothing is refused any more.
  void takeAll() {
    refused = Optional.empty();
  }

  Committed committed(TopicPartition partition) {
    return Optional.ofNullable(committed.get(partition)).orElseThrow();
  }

  boolean isPaused(TopicPartition partition) {
    return paused.contains(partition);
  }

  /// What went into lanes.
  List<ProducerRecord<byte[], byte[]>> inLanes() {
    return inLanes;
  }

  int longestMetadata() {
    return longestMetadata;
  }

  int retries() {
    return retries.size();
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration wait, Assignments assignments) {
    if (revoke) {
      revoke = false;
      assignments.revoked(Set.copyOf(positions.keySet()));
      readerDied();
      return List.of();
    }
    if (positions.isEmpty()) {
      assign(assignments);
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (TopicPartition partition : List.of(EVENTS, RETRY)) {
      long position = positions.getOrDefault(partition, 0L);
      long next = paused.contains(partition) ? position : end(partition);
      next = Math.min(next, position + POLL_RECORDS_MAX);
      for (long offset = position; offset < next; offset++) {
        records.add(partition.equals(EVENTS) ? event(offset) : retries.get((int) offset));
      }
      positions.put(partition, next);
    }
    return records;
  }

  private void assign(Assignments assignments) {
    Map<TopicPartition, Assigned> assigned = new HashMap<>();
    for (TopicPartition partition : List.of(EVENTS, RETRY)) {
      Optional<Committed> known = Optional.ofNullable(committed.get(partition));
      positions.put(partition, known.map(Committed::base).orElse(0L));
      assigned.put(partition, new Assigned(TOPIC_ID, known, 0, end(partition)));
    }
    assignments.assigned(assigned);
  }

  private long end(TopicPartition partition) {
    return partition.equals(EVENTS) ? end : retries.size();
  }

  private static ConsumerRecord<byte[], byte[]> event(long offset) {
    var record = new ConsumerRecord<>(EVENTS.topic(), 0, offset, new byte[0], new byte[0]);
    record.headers().add(EventHeaders.ID, Long.toString(offset).getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, "work".getBytes(UTF_8));
    return record;
  }

  @Override
  public WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    Write write = Write.commit(ledgers);
    write.mustNotMeet(false, flying);
    return stored(write);
  }

  private WriteResult stored(Write write) {
    duringWrite.run();
    for (ProducerRecord<byte[], byte[]> record : write.records()) {
      if (refused.equals(Optional.of(record.topic()))) {
        return new WriteResult.Rejected(
            "nothing is taken for " + record.topic(), Set.of(record.topic()));
      }
      if (record.topic().startsWith("lane.")) {
        inLanes.add(record);
      }
      if (record.topic().equals(RETRY.topic())) {
        ConsumerRecord<byte[], byte[]> moved =
            new ConsumerRecord<>(RETRY.topic(), 0, retries.size(), record.key(), record.value());
        new RecordHeaders(record.headers()).forEach(moved.headers()::add);
        retries.add(moved);
      }
    }
    write
        .ledgers()
        .forEach((partition, ledger) -> {
          committed.put(partition, ledger);
          longestMetadata = Math.max(longestMetadata, ledger.metadata().length());
        });
    return unheard ? new WriteResult.Unknown("no answer") : new WriteResult.Written();
  }

  @Override
  public Optional<WriteResult> begin(Write transaction) {
    transaction.mustNotMeet(false, flying);
    if (!beside) {
      return Optional.of(stored(transaction));
    }
    flying = Optional.of(transaction);
    return Optional.empty();
  }

  @Override
  public Optional<WriteResult> landed() {
    Write transaction = flying.orElseThrow();
    if (beside) {
      return Optional.empty();
    }
    flying = Optional.empty();
    return Optional.of(stored(transaction));
  }

  @Override
  public WriteResult resolve() {
    if (!unheard) {
      throw new IllegalStateException("the last write's result is known");
    }
    unheard = false;
    return new WriteResult.Written();
  }

  @Override
  public void subscribe(Set<String> topics) {}

  @Override
  public void wakeup() {}

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(partitions);
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  @Override
  public void close() {}
}
