package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;

import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.log.MemoryLog;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// What one simulated worker has of the log: passes everything on, and looks at what is written. As
/// with Kafka, records of a new partition may come only with a later poll.
final class SimLog implements EventLog {
  private final SimWorld world;
  private final String worker;
  private final MemoryLog log;
  private final Set<TopicPartition> ours = new HashSet<>();
  private final Set<TopicPartition> paused = new HashSet<>();
  private final Map<String, Instant> polledAt = new HashMap<>();
  private final Set<TopicPartition> revoking = new HashSet<>();

  // When the next step of a transaction reaches the brokers.
  private Instant arrivesAt = Instant.MIN;

  SimLog(SimWorld world, String worker) {
    this.world = world;
    this.worker = worker;
    this.log = new MemoryLog(world.cluster, worker);
  }

  /// Of what the loop is being told that it goes away, in time to write.
  Set<TopicPartition> revoking() {
    return revoking;
  }

  Set<TopicPartition> paused() {
    return paused;
  }

  /// When the record was polled last.
  Instant polledAt(ConsumerRecord<?, ?> record) {
    return polledAt.getOrDefault(place(record), Instant.MAX);
  }

  @Override
  public void subscribe(Set<String> topics) {
    log.subscribe(topics);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration wait, Assignments assignments) {
    Watched watched = new Watched(assignments);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(log.poll(wait, watched));
    if (world.random.nextBoolean()) {
      putBack(watched.assigned, records);
    }
    Instant now = world.clock.instant();
    records.forEach(record -> polledAt.put(place(record), now));
    return records;
  }

  private void putBack(
      Set<TopicPartition> partitions, List<ConsumerRecord<byte[], byte[]>> records) {
    Map<TopicPartition, Long> first = new HashMap<>();
    records.removeIf(record -> {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      if (!partitions.contains(partition)) {
        return false;
      }
      first.merge(partition, record.offset(), Math::min);
      return true;
    });
    first.forEach(log::seek);
  }

  private final class Watched implements Assignments {
    private final Assignments loop;
    private final Set<TopicPartition> assigned = new HashSet<>();

    Watched(Assignments loop) {
      this.loop = loop;
    }

    @Override
    public void assigned(Map<TopicPartition, Assigned> partitions) {
      ours.addAll(partitions.keySet());
      assigned.addAll(partitions.keySet());
      loop.assigned(partitions);
    }

    @Override
    public void revoked(Collection<TopicPartition> partitions) {
      revoking.addAll(partitions);
      loop.revoked(partitions);
      revoking.clear();
      gone(partitions);
    }

    @Override
    public void lost(Collection<TopicPartition> partitions) {
      gone(partitions);
      loop.lost(partitions);
    }

    @Override
    public void forbidden(Set<String> topics, String reason) {
      throw new AssertionError("nothing is forbidden here: " + topics);
    }

    private void gone(Collection<TopicPartition> partitions) {
      ours.removeAll(partitions);
      paused.removeAll(partitions);
      assigned.removeAll(partitions);
    }
  }

  @Override
  public void wakeup() {
    log.wakeup();
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
    log.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    paused.removeAll(partitions);
    log.resume(partitions);
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    log.seek(partition, offset);
  }

  @Override
  public WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    ledgers.forEach(this::checkLedger);
    if (world.refusesCommit()) {
      return new WriteResult.Rejected("the broker takes no such metadata today", Set.of());
    }
    WriteResult result = log.commit(ledgers);
    world.perhapsFreeze(worker, 600);
    return result;
  }

  @Override
  public Optional<WriteResult> begin(Write transaction) {
    transaction.ledgers().forEach(this::checkLedger);
    Optional<WriteResult> result = log.begin(transaction);
    arrivesAt = world.arrival();
    world.perhapsFreeze(worker, 600);
    return result;
  }

  @Override
  public Optional<WriteResult> landed() {
    if (world.clock.instant().isBefore(arrivesAt)) {
      return Optional.empty();
    }
    Optional<WriteResult> result = log.landed();
    arrivesAt = world.arrival();
    world.perhapsFreeze(worker, 600);
    return result;
  }

  private void checkLedger(TopicPartition partition, Committed committed) {
    check(ours.contains(partition), worker + " writes for " + partition + ", which is not its own");
    int chars = committed.metadata().length();
    check(
        chars <= world.plan.ledgerChars(),
        "a ledger of " + chars + " characters is written for " + partition);
    Optional<Committed> before = world.cluster.committed(partition);
    if (before.isEmpty() || !world.cluster.owner(partition).equals(Optional.of(worker))) {
      return;
    }
    Ledger old = SimPromises.ledger(before.get());
    Ledger now = SimPromises.ledger(committed);
    check(now.base() >= old.base(), partition + ": the base goes back to " + now.base());
    for (var open = now.firstOpen(0);
        open.isPresent() && open.getAsLong() < old.end();
        open = now.firstOpen(open.getAsLong() + 1)) {
      check(
          old.mark(open.getAsLong()) != Mark.COMPLETED,
          partition + ": " + open.getAsLong() + " was completed and is open again");
    }
  }

  @Override
  public WriteResult resolve() {
    return log.resolve();
  }

  @Override
  public void close() {
    log.close();
  }

  private static String place(ConsumerRecord<?, ?> record) {
    return record.topic() + "/" + record.partition() + "/" + record.offset();
  }
}
