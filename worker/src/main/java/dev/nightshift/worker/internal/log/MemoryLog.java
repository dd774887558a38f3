package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Rejected;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Written;
import dev.nightshift.worker.internal.log.Faults.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A worker's [EventLog] on a [MemoryCluster]. Never waits: a poll returns at once whatever its
/// `wait`, and takes one step of a rebalance at most. Owned by the cluster's thread.
public final class MemoryLog implements EventLog {
  private final MemoryCluster cluster;
  private final String worker;

  /// Where reading goes on, of each partition that was announced.
  private final SortedMap<TopicPartition, Long> positions = new TreeMap<>(MemoryAssignor.ORDER);

  private final Set<TopicPartition> paused = new HashSet<>();
  private MemoryMember member;
  private Set<String> subscription = Set.of();
  private Optional<TopicPartition> lastServed = Optional.empty();

  /// Finds out what became of the last write, if nobody knows.
  private Optional<Supplier<WriteResult>> unresolved = Optional.empty();

  private Optional<MemoryFlight> flight = Optional.empty();

  private boolean dead;
  private boolean closed;

  /// A process starts under this name. A former process of that name dies, and what it left open is
  /// ended.
  public MemoryLog(MemoryCluster cluster, String worker) {
    this.cluster = cluster;
    this.worker = worker;
    this.member = new MemoryMember(worker, cluster.now());
    cluster.register(worker, this);
  }

  @Override
  public void subscribe(Set<String> topics) {
    checkRuns();
    subscription = Set.copyOf(topics);
    member.subscribe(subscription);
  }

  @Override
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration wait, Assignments assignments) {
    checkRuns();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    attempt(
        Step.POLL,
        () -> {
          takePart(assignments);
          announce(assignments);
          records.addAll(fetch());
          return new Written();
        });
    return records;
  }

  private void takePart(Assignments assignments) {
    cluster.tick();
    member.polled(cluster.now());
    if (!cluster.group().members().contains(member)) {
      beginAnew(assignments);
    }
    if (!subscription.isEmpty() && cluster.group().turn(member, cluster.topics())) {
      reconcile(assignments);
    }
  }

  private void beginAnew(Assignments assignments) {
    List<TopicPartition> lost = List.copyOf(positions.keySet());
    positions.clear();
    paused.clear();
    member = new MemoryMember(worker, cluster.now());
    member.subscribe(subscription);
    if (!lost.isEmpty()) {
      assignments.lost(lost);
    }
  }

  /// Gives up first what goes away, and only then owns what comes.
  private void reconcile(Assignments assignments) {
    SortedSet<TopicPartition> assignment = member.assignment();
    SortedSet<TopicPartition> revoked = new TreeSet<>(member.owned());
    revoked.removeAll(assignment);
    if (!revoked.isEmpty()) {
      revoke(revoked, assignments);
    }
    member.owned().addAll(assignment);
  }

  private void revoke(SortedSet<TopicPartition> revoked, Assignments assignments) {
    List<TopicPartition> announced = revoked.stream().filter(positions::containsKey).toList();
    if (!announced.isEmpty()) {
      cluster.crashPoint(worker, Step.REVOKE, () -> assignments.revoked(announced));
    }
    revoked.forEach(positions::remove);
    paused.removeAll(revoked);
    member.gaveUp(revoked);
  }

  private void announce(Assignments assignments) {
    if (positions.keySet().containsAll(member.owned())) {
      return;
    }
    attempt(
        Step.ASSIGN,
        () -> {
          cluster.endTransactionsOfTheGone();
          SortedMap<TopicPartition, Assigned> found = new TreeMap<>(MemoryAssignor.ORDER);
          member.owned().stream()
              .filter(p -> !positions.containsKey(p))
              .forEach(p -> cluster.assigned(p).ifPresent(a -> found.put(p, a)));
          found.forEach((partition, assigned) -> positions.put(partition, assigned.start()));
          if (!found.isEmpty()) {
            assignments.assigned(found);
          }
          return new Written();
        });
  }

  /// Goes round the partitions, the one that was served last at the end.
  private List<ConsumerRecord<byte[], byte[]>> fetch() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (TopicPartition partition : turns()) {
      int room = cluster.pollRecordsMax() - records.size();
      Optional<MemoryPartition> found = cluster.find(partition);
      if (room > 0 && found.isPresent()) {
        MemoryPartition.Slice slice = found.get().read(positions.getOrDefault(partition, 0L), room);
        positions.put(partition, slice.next());
        if (!slice.records().isEmpty()) {
          records.addAll(slice.records());
          lastServed = Optional.of(partition);
        }
      }
    }
    return records;
  }

  private List<TopicPartition> turns() {
    Comparator<TopicPartition> order =
        lastServed
            .map(last ->
                Comparator.<TopicPartition, Boolean>comparing(
                    p -> MemoryAssignor.ORDER.compare(p, last) <= 0))
            .map(c -> c.thenComparing(MemoryAssignor.ORDER))
            .orElse(MemoryAssignor.ORDER);
    return positions.keySet().stream()
        .filter(p -> !paused.contains(p) && subscription.contains(p.topic()))
        .sorted(order)
        .toList();
  }

  @Override
  public void wakeup() {
    // A poll never waits.
  }

  @Override
  public void pause(Collection<TopicPartition> partitions) {
    checkRuns();
    partitions.stream().filter(positions::containsKey).forEach(paused::add);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    checkRuns();
    paused.removeAll(Set.copyOf(partitions));
  }

  @Override
  public void seek(TopicPartition partition, long offset) {
    checkRuns();
    positions.computeIfPresent(partition, (p, before) -> offset);
  }

  @Override
  public WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    Write write = Write.commit(ledgers);
    checkWrite(write);
    return write.problem().<WriteResult>map(Rejected::bad).orElseGet(() -> committed(write));
  }

  private void checkWrite(Write write) {
    checkRuns();
    write.mustNotMeet(unresolved.isPresent(), flight.map(MemoryFlight::write));
    cluster.tick();
  }

  @Override
  public Optional<WriteResult> begin(Write transaction) {
    checkWrite(transaction);
    Optional<WriteResult> result =
        transaction
            .problem()
            .<WriteResult>map(Rejected::bad)
            .or(() -> refused(cluster.group().refusal(member, member.generation())));
    if (result.isEmpty()) {
      checkChanges(transaction);
      flight = Optional.of(new MemoryFlight(cluster, member, transaction, this::attempt));
    }
    return result;
  }

  /// It takes two calls to get there, with whatever others do in between.
  @Override
  public Optional<WriteResult> landed() {
    checkRuns();
    cluster.tick();
    MemoryFlight flying =
        flight.orElseThrow(() -> new IllegalStateException("no transaction is on its way"));
    Optional<WriteResult> result = flying.step();
    if (result.isPresent()) {
      flight = Optional.empty();
      if (result.get() instanceof Unknown) {
        unresolved = Optional.of(flying::settle);
      }
    }
    return result;
  }

  private WriteResult committed(Write write) {
    MemoryEffect effect =
        attempt(
            Step.COMMIT,
            () ->
                refused(cluster.group().refusal(member))
                    .orElseGet(() -> cluster.commit(write.ledgers())));
    if (effect.told() instanceof Unknown) {
      unresolved = Optional.of(effect::truth);
    }
    return effect.told();
  }

  @Override
  public WriteResult resolve() {
    checkRuns();
    cluster.tick();
    Supplier<WriteResult> answer =
        unresolved.orElseThrow(
            () -> new IllegalStateException("the result of the last write is known"));
    WriteResult result = answer(attempt(Step.RESOLVE, answer::get));
    if (!(result instanceof Unknown)) {
      unresolved = Optional.empty();
    }
    return result;
  }

  // A question that was refused says nothing of the write that it asked about.
  private static WriteResult answer(MemoryEffect asked) {
    return asked.told().equals(asked.truth()) && asked.done()
        ? asked.told()
        : new Unknown("no answer to " + Step.RESOLVE);
  }

  /// Leaves open what an unresolved write left open, as a process that ends does.
  @Override
  public void close() {
    if (!dead && !closed) {
      closed = true;
      cluster.group().remove(member);
    }
  }

  MemoryMember member() {
    return member;
  }

  /// The process dies; its membership remains until its session is over.
  void die() {
    if (!dead && !closed) {
      dead = true;
      member.silentSince(member.silentSince().or(() -> Optional.of(cluster.now())));
    }
  }

  private MemoryEffect attempt(Step step, MemoryEffect.Action action) {
    try {
      return cluster.attempt(worker, step, action);
    } catch (CrashError crash) {
      die();
      throw crash;
    }
  }

  private static Optional<WriteResult> refused(Optional<String> why) {
    return why.map(NotWritten::new);
  }

  private void checkChanges(Write write) {
    boolean changes =
        write.ledgers().entrySet().stream()
            .anyMatch(e -> !cluster.committed(e.getKey()).equals(Optional.of(e.getValue())));
    if (!changes) {
      throw new IllegalArgumentException(
          "a transaction must change a ledger, but none of " + write);
    }
  }

  private void checkRuns() {
    if (dead) {
      throw new CrashError(worker, "earlier");
    }
    if (closed || member.silentSince().isPresent()) {
      throw new IllegalStateException(
          "the log of %s is %s".formatted(worker, closed ? "closed" : "frozen: thaw it first"));
    }
  }
}
