package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.Assigned;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.Faults.Fault;
import dev.nightshift.worker.internal.log.Faults.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// A Kafka in memory, as far as an [EventLog] needs one: topics, one consumer group, transactions.
/// Deterministic: time comes from the given clock, nothing happens but in calls, and what time
/// brings about (expulsion, timed out transactions) happens at the start of the next call. Owned by
/// one thread, which steps all members.
public final class MemoryCluster {
  /// Who [#produce] is for [Faults].
  public static final String EMITTER = "emitter";

  /// What brokers and clients limit.
  ///
  /// @param sessionTimeout a member that is frozen or dead for so long is expelled
  /// @param pollIntervalMax a member that does not poll for so long is expelled
  /// @param transactionTimeout a transaction that is open for so long is aborted
  /// @param pollRecordsMax a poll returns at most so many records
  /// @param recordBytesMax the largest record, with key and headers
  public record Limits(
      Duration sessionTimeout,
      Duration pollIntervalMax,
      Duration transactionTimeout,
      int pollRecordsMax,
      int recordBytesMax) {
    /// What [KafkaLog] and a stock broker have.
    public static Limits standard() {
      return new Limits(
          Duration.ofSeconds(6), Duration.ofMinutes(5), Duration.ofSeconds(10), 2_000, 1_048_588);
    }
  }

  private final InstantSource clock;
  private final Limits limits;
  private final MemoryTopics topics;
  private final MemoryGroup group = new MemoryGroup();
  private final MemoryTransactions transactions = new MemoryTransactions();
  private final SortedMap<String, MemoryLog> logs = new TreeMap<>();
  private Faults faults = Faults.NONE;

  /// An empty cluster with standard limits.
  public MemoryCluster(InstantSource clock) {
    this(clock, Limits.standard());
  }

  /// An empty cluster.
  public MemoryCluster(InstantSource clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
    this.topics = new MemoryTopics(limits.recordBytesMax());
  }

  /// From now on this goes wrong.
  public void faults(Faults now) {
    faults = now;
  }

  /// Makes a topic; returns its id.
  public Uuid createTopic(String name, int partitions) {
    return topics.create(name, partitions);
  }

  /// Deletes a topic. What was committed for it stays, as in Kafka.
  public void deleteTopic(String name) {
    topics.delete(name);
  }

  /// Gives a topic more partitions.
  ///
  /// @param partitions how many it has then
  public void addPartitions(String name, int partitions) {
    topics.grow(name, partitions);
  }

  /// All topics with their number of partitions.
  public SortedMap<String, Integer> topics() {
    return topics.sizes();
  }

  /// The id of the topic that has this name now.
  public Optional<Uuid> topicId(String name) {
    return topics.id(name);
  }

  /// Deletes the records below `before`, as `deleteRecords` does.
  public void trim(TopicPartition partition, long before) {
    existing(partition).trim(before);
  }

  /// An emitter's record.
  ///
  /// @return never `NotWritten` for a fault that leaves the emitter in the dark: that is `Unknown`
  public WriteResult produce(ProducerRecord<byte[], byte[]> record) {
    tick();
    return attempt(EMITTER, Step.PRODUCE, () -> append(record, Optional.empty())).told();
  }

  /// Records of a transaction that was aborted: offsets that nobody ever reads.
  public void produceAborted(List<ProducerRecord<byte[], byte[]>> records) {
    produceInTransaction(records);
    transactions.abort(EMITTER);
  }

  /// Records of a transaction that was committed; its markers take offsets too.
  public void produceCommitted(List<ProducerRecord<byte[], byte[]>> records) {
    transactions.commit(produceInTransaction(records));
  }

  /// What a reader of committed records finds in a topic, partition after partition.
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    tick();
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    topics
        .partitions(topic)
        .forEach(p -> records.addAll(p.read(p.start(), Integer.MAX_VALUE).records()));
    return records;
  }

  /// The first offset that can be read.
  public long start(TopicPartition partition) {
    return existing(partition).start();
  }

  /// The offset after the last one that can be read.
  public long end(TopicPartition partition) {
    tick();
    return existing(partition).lastStable();
  }

  /// Whether a transaction that is open has records in a partition.
  public boolean isOpen(TopicPartition partition) {
    tick();
    return existing(partition).isOpen();
  }

  /// What the group committed; without what open transactions will commit.
  public Optional<Committed> committed(TopicPartition partition) {
    return transactions.committed(partition);
  }

  /// The workers that are members now, the dead ones included that nobody has noticed yet.
  public List<String> members() {
    tick();
    return group.members().stream().map(MemoryMember::worker).toList();
  }

  /// Who owns a partition; the owner itself has heard of it.
  public Optional<String> owner(TopicPartition partition) {
    tick();
    return group.members().stream()
        .filter(m -> m.owned().contains(partition))
        .map(MemoryMember::worker)
        .findFirst();
  }

  /// The workers, alive or not, with an open transaction.
  public List<String> openTransactions() {
    tick();
    return transactions.workers();
  }

  /// Whether a rebalance is under way.
  public boolean rebalancing() {
    tick();
    return group.rebalancing();
  }

  /// Lets a rebalance begin, as a broker may at any time.
  public void rebalance() {
    group.rebalance();
  }

  /// The process stands still: it neither polls nor sends heartbeats until [#thaw]. Its log must
  /// not be called meanwhile.
  public void freeze(String worker) {
    tick();
    log(worker).member().silentSince(Optional.of(clock.instant()));
  }

  /// The process goes on. It may have been expelled.
  public void thaw(String worker) {
    tick();
    log(worker).member().silentSince(Optional.empty());
  }

  /// The process dies. Its membership and its open transaction remain until somebody ends them.
  public void kill(String worker) {
    tick();
    log(worker).die();
  }

  // What a MemoryLog uses.

  /// Whatever was due by now happens.
  void tick() {
    Instant now = clock.instant();
    group.expel(m ->
        m.silentSince().filter(t -> isOver(limits.sessionTimeout(), t, now)).isPresent()
            || isOver(limits.pollIntervalMax(), m.lastPoll(), now));
    transactions.abort(t -> isOver(limits.transactionTimeout(), t.began(), now));
  }

  Instant now() {
    return clock.instant();
  }

  MemoryGroup group() {
    return group;
  }

  MemoryTransactions transactions() {
    return transactions;
  }

  int pollRecordsMax() {
    return limits.pollRecordsMax();
  }

  Optional<MemoryPartition> find(TopicPartition partition) {
    return topics.find(partition);
  }

  /// A process starts under this name: what a former one left open is ended.
  void register(String worker, MemoryLog log) {
    Optional.ofNullable(logs.put(worker, log)).ifPresent(MemoryLog::die);
    transactions.abort(worker);
  }

  /// Asks for a fault and has the effect accordingly.
  ///
  /// @throws CrashError if the process dies here
  MemoryEffect attempt(String who, Step step, MemoryEffect.Action action) {
    Fault fault = faults.at(who, step);
    return MemoryEffect.of(fault, who, step, action);
  }

  /// Does it, unless the process dies before.
  void crashPoint(String who, Step step, Runnable action) {
    Fault fault = faults.at(who, step);
    boolean crash = fault == Fault.CRASH_BEFORE || fault == Fault.CRASH_AFTER;
    MemoryEffect.of(
        crash ? fault : Fault.PROCEED,
        who,
        step,
        () -> {
          action.run();
          return new WriteResult.Written();
        });
  }

  WriteResult append(
      ProducerRecord<byte[], byte[]> record, Optional<MemoryTransaction> transaction) {
    Optional<WriteResult.Rejected> problem = topics.problem(record);
    if (problem.isPresent()) {
      return problem.get();
    }
    topics.append(record, clock.instant(), transaction);
    return new WriteResult.Written();
  }

  /// Stores what it can: like a broker, it refuses what belongs to a deleted topic and keeps the
  /// rest.
  WriteResult commit(Map<TopicPartition, Committed> ledgers) {
    ledgers.forEach((partition, ledger) -> {
      if (topics.find(partition).isPresent()) {
        transactions.put(partition, ledger);
      }
    });
    return missing(ledgers.keySet())
        .<WriteResult>map(WriteResult.NotWritten::new)
        .orElse(new WriteResult.Written());
  }

  /// Which of these partitions is gone, if any.
  Optional<String> missing(Set<TopicPartition> partitions) {
    return partitions.stream()
        .filter(p -> topics.find(p).isEmpty())
        .findFirst()
        .map(p -> "there is no partition " + p + " to commit");
  }

  /// Ends the transactions of workers that are no members.
  void endTransactionsOfTheGone() {
    Set<String> members =
        group.members().stream().map(MemoryMember::worker).collect(Collectors.toSet());
    transactions.abort(t -> !members.contains(t.worker()));
  }

  /// What a new owner is told of a partition; empty while it cannot be read.
  Optional<Assigned> assigned(TopicPartition partition) {
    return topics
        .find(partition)
        .filter(found -> !transactions.pending(partition))
        .map(found ->
            new Assigned(
                topics.id(partition.topic()).orElseThrow(),
                transactions.committed(partition),
                found.start(),
                found.lastStable()));
  }

  private MemoryTransaction produceInTransaction(List<ProducerRecord<byte[], byte[]>> records) {
    tick();
    MemoryTransaction transaction = transactions.begin(EMITTER, clock.instant());
    records.forEach(r -> topics.append(r, clock.instant(), Optional.of(transaction)));
    return transaction;
  }

  private MemoryPartition existing(TopicPartition partition) {
    return topics
        .find(partition)
        .orElseThrow(() -> new IllegalArgumentException("there is no partition " + partition));
  }

  private MemoryLog log(String worker) {
    return Optional.ofNullable(logs.get(worker))
        .orElseThrow(() -> new IllegalArgumentException("there is no worker " + worker));
  }

  private static boolean isOver(Duration limit, Instant since, Instant now) {
    return !now.isBefore(since.plus(limit));
  }
}
