package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Writes the ledgers, and the moves with them. Owned by the loop's thread. One write at a time: a
/// plain commit of all changed ledgers, or a transaction of some moves with the ledgers of their
/// partitions. A write that did not happen changes nothing here, so the next one carries the same
/// and more.
final class Scribe {
  // So many partitions' ledgers at most go into one transaction: a group's commit is bounded by 1
  // MB in the broker.
  private static final int TRANSACTION_PARTITIONS_MAX = 50;
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(20);

  // Failures that are worth another try; bounded, as a rebalance waits for it. A record that is
  // refused for good is not one: the next try has less to write.
  private static final int LAST_TRIES = 20;

  private final EventLog log;
  private final LoopSettings settings;
  private final Endings endings;
  private final LoopTime time;
  private final Consumer<WorkerEvent> events;

  private final Set<Partition> changed = new HashSet<>();
  private final Deque<Move> moves = new ArrayDeque<>();
  private long movesBytes;
  private int chunkMax;
  private long rejections;
  private @Nullable Sent unresolved;
  private long pauseUntilNanos;
  private boolean paused;
  private long lastSentNanos;

  Scribe(
      EventLog log,
      LoopSettings settings,
      Endings endings,
      LoopTime time,
      Consumer<WorkerEvent> events) {
    this.log = log;
    this.settings = settings;
    this.endings = endings;
    this.time = time;
    this.events = events;
    this.chunkMax = settings.moveRecordsMax();
    this.lastSentNanos = time.nanos() - settings.claimInterval().toNanos();
  }

  /// What one write carried.
  private record Sent(Map<Partition, Long> versions, List<Move> moves, long nanos) {}

  /// The partition's ledger may have changed.
  void touched(Partition partition) {
    changed.add(partition);
  }

  /// Records are to be stored with an offset's completion.
  void move(Move move) {
    moves.addLast(move);
    movesBytes += move.bytes();
  }

  /// Whether as much waits to be moved as two transactions take: nothing more should be read.
  boolean full() {
    return movesBytes >= 2 * settings.moveBytesMax()
        || moves.size() >= 2 * settings.moveRecordsMax();
  }

  /// Whether nothing waits to be written.
  boolean idle() {
    return moves.isEmpty() && unresolved == null && changed.stream().noneMatch(Partition::dirty);
  }

  /// Forgets partitions that belong to somebody else.
  void forget(Collection<Partition> partitions) {
    changed.removeAll(partitions);
    for (Move move : List.copyOf(moves)) {
      if (partitions.contains(move.partition())) {
        moves.remove(move);
        movesBytes -= move.bytes();
      }
    }
  }

  /// Whether moves of these partitions wait that carry what a handler did.
  boolean hasMoves(Collection<Partition> partitions) {
    return moves.stream().anyMatch(move -> partitions.contains(move.partition()));
  }

  /// Writes all that is left of partitions that are about to be taken away, as far as a few tries
  /// allow. What is not written counts as lost for the next owner.
  void finish(Collection<Partition> partitions) {
    int failures = 0;
    while (failures < LAST_TRIES && unwritten(partitions)) {
      long before = rejections;
      paused = false;
      boolean wrote = write(false, true);
      failures += wrote || rejections > before ? 0 : 1;
    }
  }

  private boolean unwritten(Collection<Partition> partitions) {
    return hasMoves(partitions) || partitions.stream().anyMatch(Partition::dirty);
  }

  /// Writes what is due.
  ///
  /// @param claims whether claims wait for a write
  /// @param all whether to write everything at once instead of gathering
  /// @return whether something was written
  boolean write(boolean claims, boolean all) {
    if (!settled()) {
      return false;
    }
    long now = time.nanos();
    if (paused && now - pauseUntilNanos < 0) {
      return false;
    }
    paused = false;
    boolean wrote = false;
    if (!moves.isEmpty()) {
      wrote = send(chunk());
    }
    if (!paused && unresolved == null && commitDue(claims, all, time.nanos())) {
      wrote |= send(List.of());
    }
    return wrote;
  }

  /// When the last write that happened was sent.
  long lastSentNanos() {
    return lastSentNanos;
  }

  private boolean commitDue(boolean claims, boolean all, long now) {
    changed.removeIf(partition -> !partition.dirty());
    if (changed.isEmpty()) {
      return false;
    }
    if (all || (claims && now - lastSentNanos >= settings.claimInterval().toNanos())) {
      return true;
    }
    long settle = settings.settleInterval().toNanos();
    return changed.stream().anyMatch(partition -> now - partition.changedNanos() >= settle);
  }

  private List<Move> chunk() {
    List<Move> chunk = new ArrayList<>();
    Set<Partition> partitions = new HashSet<>();
    int records = 0;
    long bytes = 0;
    for (Move move : moves) {
      records += move.records().size();
      bytes += move.bytes();
      partitions.add(move.partition());
      boolean over =
          records > settings.moveRecordsMax()
              || bytes > settings.moveBytesMax()
              || partitions.size() > TRANSACTION_PARTITIONS_MAX;
      if (!chunk.isEmpty() && (over || chunk.size() >= chunkMax)) {
        break;
      }
      chunk.add(move);
    }
    return chunk;
  }

  private boolean send(List<Move> chunk) {
    Sent sent = new Sent(new HashMap<>(), chunk, time.nanos());
    Map<Partition, Ledger> ledgers = ledgers(chunk);
    Map<TopicPartition, Committed> committed = new LinkedHashMap<>();
    ledgers.forEach((partition, ledger) -> {
      sent.versions().put(partition, partition.version());
      committed.put(
          partition.id(),
          new Committed(ledger.base(), LedgerCodec.encode(ledger, settings.worker())));
    });
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    chunk.forEach(move -> records.addAll(move.records()));
    return ended(sent, log.write(new Write(committed, records)));
  }

  // The ledgers as they will be when the chunk is written.
  private Map<Partition, Ledger> ledgers(List<Move> chunk) {
    Map<Partition, Ledger> ledgers = new LinkedHashMap<>();
    if (chunk.isEmpty()) {
      changed.forEach(partition -> ledgers.put(partition, partition.ledger()));
    }
    for (Move move : chunk) {
      ledgers
          .computeIfAbsent(move.partition(), partition -> partition.ledger().copy())
          .complete(move.offset());
    }
    return ledgers;
  }

  private boolean settled() {
    Sent sent = unresolved;
    if (sent == null) {
      return true;
    }
    unresolved = null;
    ended(sent, log.resolve());
    return unresolved == null;
  }

  private boolean ended(Sent sent, WriteResult result) {
    switch (result) {
      case WriteResult.Written written -> {
        written(sent);
        return true;
      }
      case WriteResult.NotWritten not -> pause(not.reason());
      case WriteResult.Unknown unknown -> {
        unresolved = sent;
        pause(unknown.reason());
      }
      case WriteResult.Rejected rejected -> rejected(sent.moves(), rejected.reason());
    }
    return false;
  }

  private void written(Sent sent) {
    lastSentNanos = sent.nanos();
    long now = time.nanos();
    for (Move move : sent.moves()) {
      // It was forgotten if its partition was lost while the write was unresolved.
      if (moves.removeFirstOccurrence(move)) {
        movesBytes -= move.bytes();
        move.partition().complete(move.offset(), now);
        touched(move.partition());
      }
    }
    sent.versions()
        .forEach((partition, version) ->
            // The write carried the completions of its moves, each of which made a version since.
            partition.written(version + movesOf(partition, sent, version)));
    if (!sent.moves().isEmpty()) {
      chunkMax = Math.min(settings.moveRecordsMax(), 2 * chunkMax);
    }
  }

  private static long movesOf(Partition partition, Sent sent, long version) {
    long own = sent.moves().stream().filter(move -> move.partition() == partition).count();
    return partition.version() == version + own ? own : 0;
  }

  private void pause(String reason) {
    paused = true;
    pauseUntilNanos = time.nanos() + PAUSE_AFTER_FAILURE.toNanos();
    events.accept(new WorkerEvent.WriteDelayed(reason));
  }

  // One bad record must not hold up the others: halve until it stands alone, then give it up step
  // by step.
  private void rejected(List<Move> chunk, String reason) {
    if (chunk.isEmpty()) {
      pause(reason);
      return;
    }
    rejections++;
    if (chunk.size() > 1) {
      chunkMax = chunk.size() / 2;
      return;
    }
    Move move = chunk.get(0);
    moves.remove(move);
    movesBytes -= move.bytes();
    events.accept(
        new WorkerEvent.DeadLettered(
            move.event().topic() + "/" + move.event().partition() + "/" + move.offset(), reason));
    if (move.stage() == Move.Stage.TRACE) {
      move.partition().complete(move.offset(), time.nanos());
      touched(move.partition());
      return;
    }
    Move given = endings.refused(move, reason, time.wall());
    moves.addFirst(given);
    movesBytes += given.bytes();
  }
}
