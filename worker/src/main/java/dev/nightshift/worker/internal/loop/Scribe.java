package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.EventLog.Write;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Writes the ledgers, and the moves with them. Owned by the loop's thread. One write at a time: a
/// plain commit of all changed ledgers, or a transaction of some moves with the ledgers of their
/// partitions. A write that did not happen changes nothing here, so the next one carries the same
/// and more. Moves that fail do not hold up commits.
final class Scribe {
  // So many partitions' ledgers at most go into one transaction: a group's commit is bounded by 1
  // MB in the broker.
  private static final int TRANSACTION_PARTITIONS_MAX = 50;

  // While handlers start and end so many events at most go into their lanes with one transaction,
  // and the next ones rest as long as it took: the loop does nothing else meanwhile, so what has
  // just come, or has just ended, would wait for all of them.
  static final int TRANSFERS_BESIDE_MAX = 200;

  // A write that was not answered for long says nothing of how long the next one takes.
  private static final Duration TRANSFERS_REST_MAX = Duration.ofMillis(100);

  private final EventLog log;
  private final LoopSettings settings;
  private final Endings endings;
  private final LoopTime time;
  private final Consumer<WorkerEvent> events;
  private Consumer<Waiting> stays = waiting -> {};

  private final Set<Partition> changed = new HashSet<>();
  private final Moves moves = new Moves();
  private int chunkMax;
  private boolean handlersActive;
  private long transfersRestUntil;
  private @Nullable Sent unresolved;
  private final Backoff moving = new Backoff();
  private final Backoff committing = new Backoff();
  private final Backoff asking = new Backoff();
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
    this.transfersRestUntil = time.nanos();
  }

  /// Who is told of an event that its lane does not take.
  void onRefusedTransfer(Consumer<Waiting> listener) {
    stays = listener;
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
  }

  /// Whether handlers run: then the events that go into their lanes leave half of the loop's time
  /// to the others.
  void handlersActive(boolean now) {
    handlersActive = now;
  }

  /// Whether as many ends of events wait to be stored as two transactions take: nothing more should
  /// be read, nor start.
  boolean full() {
    return moves.endsOver(2 * settings.moveRecordsMax(), 2 * settings.moveBytesMax());
  }

  /// Whether nothing waits to be written.
  boolean idle() {
    return moves.isEmpty() && unresolved == null && changed.stream().noneMatch(Partition::dirty);
  }

  /// Whether all that has started or ended is on record. Events may wait to go into their lanes.
  boolean recorded() {
    return !moves.hasEnds() && unresolved == null && changed.stream().noneMatch(Partition::dirty);
  }

  /// Forgets partitions that belong to somebody else.
  void forget(Collection<Partition> partitions) {
    changed.removeAll(partitions);
    moves.forget(partitions);
  }

  /// Events of these partitions wait on where they are, not in their lanes.
  void dropTransfers(Predicate<Partition> which) {
    moves.dropTransfers(which);
  }

  /// Whether ends of events of these partitions wait to be stored.
  boolean hasEnds(Collection<Partition> partitions) {
    return moves.hasEnds(partitions);
  }

  /// Whether something of these partitions is not written.
  boolean unwritten(Collection<Partition> partitions) {
    return hasEnds(partitions) || partitions.stream().anyMatch(Partition::dirty);
  }

  /// Writes what is due.
  ///
  /// @param claims whether claims wait for a write
  /// @param all whether to write all changed ledgers at once instead of gathering
  /// @return whether something was written
  boolean write(boolean claims, boolean all) {
    if (!settled()) {
      return false;
    }
    boolean wrote = false;
    List<Move> chunk = moving.rests(time.nanos()) ? List.of() : chunk();
    if (!chunk.isEmpty()) {
      wrote = send(chunk);
    }
    if (unresolved == null
        && !committing.rests(time.nanos())
        && commitDue(claims, all, time.nanos())) {
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

  private int transfersMax() {
    if (!handlersActive) {
      return Integer.MAX_VALUE;
    }
    return time.nanos() - transfersRestUntil < 0 ? 0 : TRANSFERS_BESIDE_MAX;
  }

  private List<Move> chunk() {
    List<Move> chunk = new ArrayList<>();
    Set<Partition> partitions = new HashSet<>();
    int records = 0;
    long bytes = 0;
    Iterator<Move> inOrder = moves.inOrder(transfersMax()).iterator();
    while (inOrder.hasNext()) {
      Move move = inOrder.next();
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
    if (asking.rests(time.nanos())) {
      return false;
    }
    long began = time.nanos();
    WriteResult result = log.resolve();
    if (result instanceof WriteResult.Unknown unknown) {
      failed(asking, began, unknown.reason());
      return false;
    }
    unresolved = null;
    succeeded(asking);
    ended(sent, result);
    return true;
  }

  private boolean ended(Sent sent, WriteResult result) {
    Backoff kind = sent.moves().isEmpty() ? committing : moving;
    switch (result) {
      case WriteResult.Written written -> {
        succeeded(kind);
        written(sent);
        return true;
      }
      case WriteResult.NotWritten not -> notWritten(sent, not.reason());
      case WriteResult.Unknown unknown -> {
        unresolved = sent;
        events.accept(new WorkerEvent.WriteDelayed(unknown.reason()));
      }
      case WriteResult.Rejected rejected -> rejected(sent, rejected);
    }
    return false;
  }

  private void written(Sent sent) {
    lastSentNanos = sent.nanos();
    long now = time.nanos();
    for (Move move : sent.moves()) {
      move.partition().complete(move.offset(), now);
      // It was forgotten if its partition was lost, or the worker began to drain, while the write
      // was unresolved.
      if (moves.remove(move)) {
        touched(move.partition());
        if (move.kind() instanceof Move.Kind.ToLane(Waiting waiting)) {
          move.partition().waitsNoMore(waiting);
        }
      }
    }
    sent.versions()
        .forEach((partition, version) ->
            // The write carried the completions of its moves, each of which made a version since.
            partition.written(version + movesOf(partition, sent, version)));
    if (!sent.moves().isEmpty()) {
      chunkMax = Math.min(settings.moveRecordsMax(), 2 * chunkMax);
    }
    if (sent.moves().stream().anyMatch(Move::isTransfer)) {
      transfersRestUntil = now + Math.min(now - sent.nanos(), TRANSFERS_REST_MAX.toNanos());
    }
  }

  private static long movesOf(Partition partition, Sent sent, long version) {
    long own = sent.moves().stream().filter(move -> move.partition() == partition).count();
    return partition.version() == version + own ? own : 0;
  }

  private void notWritten(Sent sent, String reason) {
    failed(sent.moves().isEmpty() ? committing : moving, sent.nanos(), reason);
    stepBack(sent.moves());
  }

  // Perhaps only some of them cannot be stored at the moment: the others come first now, in smaller
  // company.
  private void stepBack(List<Move> chunk) {
    if (!chunk.isEmpty()) {
      chunkMax = Math.max(1, chunk.size() / 2);
      chunk.stream().filter(moves::remove).toList().forEach(moves::addLast);
    }
  }

  private void failed(Backoff kind, long began, String reason) {
    events.accept(new WorkerEvent.WriteDelayed(reason));
    kind.failed(began, time.nanos())
        .ifPresent(since -> events.accept(new WorkerEvent.WritesStuck(since, reason)));
  }

  private void succeeded(Backoff kind) {
    if (kind.succeeded()) {
      events.accept(new WorkerEvent.WritesGoOn());
    }
  }

  // One bad record must not hold up the others: halve until it stands alone, then give it up step
  // by step. But where a topic of the fleet's own is missing, no record is bad.
  private void rejected(Sent sent, WriteResult.Rejected rejected) {
    List<Move> chunk = sent.moves();
    if (chunk.isEmpty() || endings.needs(rejected.topics())) {
      notWritten(sent, rejected.reason());
      return;
    }
    if (chunk.size() > 1) {
      chunkMax = chunk.size() / 2;
      return;
    }
    Move move = chunk.get(0);
    if (!moves.remove(move)) {
      return;
    }
    if (move.kind() instanceof Move.Kind.ToLane(Waiting waiting)) {
      stays.accept(waiting);
      return;
    }
    events.accept(
        new WorkerEvent.DeadLettered(
            move.event().topic() + "/" + move.event().partition() + "/" + move.offset(),
            rejected.reason()));
    if (move.stage() == Move.Stage.TRACE) {
      move.partition().complete(move.offset(), time.nanos());
      touched(move.partition());
      return;
    }
    Move given = endings.refused(move, rejected.reason(), time.wall());
    moves.addFirst(given);
  }
}
