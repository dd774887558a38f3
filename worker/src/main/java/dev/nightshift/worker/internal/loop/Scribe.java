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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Writes the ledgers, and the moves with them. Owned by the loop's thread. A plain commit takes
/// all changed ledgers, and the loop waits for it. A transaction of some moves with the ledgers of
/// their partitions goes on beside the loop, one at a time; these ledgers change on meanwhile, and
/// are written no more until it has landed. A write that did not happen changes nothing here, so
/// the next one carries the same and more. Moves that fail do not hold up commits.
final class Scribe {
  // While handlers start and end so many events at most go into their lanes with one transaction,
  // and the next ones rest as long as it took: claims of the same partitions wait for it, and what
  // it takes of the machine is taken from the handlers.
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
  private final Moves moves;
  private boolean handlersActive;
  private long transfersRestUntil;
  // A transaction that goes on beside.
  private @Nullable Sent flying;
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
    this.moves = new Moves(settings.moveRecordsMax(), settings.moveBytesMax());
    this.lastSentNanos = time.nanos() - settings.claimInterval().toNanos();
    this.transfersRestUntil = time.nanos();
  }

  /// Who is told of an event that its lane does not take.
  void onRefusedTransfer(Consumer<Waiting> listener) {
    stays = listener;
  }

  /// What one write carried.
  private record Sent(Map<Partition, Long> versions, List<Move> moves, long nanos) {
    // One that was taken away and came back meanwhile is another object.
    boolean carries(Partition partition) {
      return versions.keySet().stream().anyMatch(each -> each.id().equals(partition.id()));
    }
  }

  /// The partition's ledger may have changed.
  void touched(Partition partition) {
    changed.add(partition);
  }

  /// Records are to be stored with an offset's completion.
  void move(Move move) {
    moves.addLast(move);
  }

  /// How many of a partition's events are on their way to a lane.
  int leaving(Partition partition) {
    return moves.transfers(partition);
  }

  /// Whether handlers run: then the events that go into their lanes leave half of the time to the
  /// others.
  void handlersActive(boolean now) {
    handlersActive = now;
  }

  /// Whether as many ends of events wait to be stored as two transactions take: nothing more should
  /// be read, nor start.
  boolean full() {
    return moves.full();
  }

  /// Whether nothing waits to be written.
  boolean idle() {
    return moves.isEmpty() && nothingOut() && changed.stream().noneMatch(Partition::dirty);
  }

  /// Whether all that has started or ended is on record. Events may wait to go into their lanes.
  boolean recorded() {
    return !moves.hasEnds() && unresolved == null && changed.stream().noneMatch(Partition::dirty);
  }

  private boolean nothingOut() {
    return flying == null && unresolved == null;
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
    return hasEnds(partitions) || partitions.stream().anyMatch(each -> each.dirty() || flies(each));
  }

  // Whether its ledger is on its way with a transaction.
  private boolean flies(Partition partition) {
    return flying != null && flying.carries(partition);
  }

  /// Writes what is due.
  ///
  /// @param claims whether claims wait for a write
  /// @param all whether to write all changed ledgers at once instead of gathering
  /// @return whether something has been written
  boolean write(boolean claims, boolean all) {
    if (!settled()) {
      return false;
    }
    boolean wrote = landed();
    // Before a transaction takes some of the ledgers away: what starts waits for no move.
    if (unresolved == null && !committing.rests(time.nanos())) {
      List<Partition> due = commitDue(claims, all, time.nanos());
      wrote |= !due.isEmpty() && commit(due);
    }
    if (nothingOut() && !moving.rests(time.nanos())) {
      List<Move> chunk = moves.next(transfersMax());
      wrote |= !chunk.isEmpty() && begin(chunk);
    }
    return wrote;
  }

  private boolean landed() {
    Sent sent = flying;
    if (sent == null) {
      return false;
    }
    Optional<WriteResult> result = log.landed();
    if (result.isEmpty()) {
      return false;
    }
    flying = null;
    return ended(sent, result.get());
  }

  /// When the last write that happened was sent.
  long lastSentNanos() {
    return lastSentNanos;
  }

  // Whose ledgers are to be written now.
  private List<Partition> commitDue(boolean claims, boolean all, long now) {
    changed.removeIf(partition -> !partition.dirty());
    List<Partition> free = changed.stream().filter(each -> !flies(each)).toList();
    long settle = settings.settleInterval().toNanos();
    boolean due =
        all
            || (claims && now - lastSentNanos >= settings.claimInterval().toNanos())
            || free.stream().anyMatch(partition -> now - partition.changedNanos() >= settle);
    return due ? free : List.of();
  }

  private int transfersMax() {
    if (!handlersActive) {
      return Integer.MAX_VALUE;
    }
    return time.nanos() - transfersRestUntil < 0 ? 0 : TRANSFERS_BESIDE_MAX;
  }

  private boolean commit(List<Partition> due) {
    Map<Partition, Ledger> ledgers = new LinkedHashMap<>();
    due.forEach(partition -> ledgers.put(partition, partition.ledger()));
    Sent sent = sent(ledgers, List.of());
    return ended(sent, log.commit(committed(ledgers)));
  }

  private boolean begin(List<Move> chunk) {
    // The ledgers as they will be when the chunk is written.
    Map<Partition, Ledger> ledgers = new LinkedHashMap<>();
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (Move move : chunk) {
      ledgers
          .computeIfAbsent(move.partition(), partition -> partition.ledger().copy())
          .complete(move.offset());
      records.addAll(move.records());
    }
    Sent sent = sent(ledgers, chunk);
    Optional<WriteResult> result = log.begin(new Write(committed(ledgers), records));
    if (result.isEmpty()) {
      flying = sent;
      return false;
    }
    return ended(sent, result.get());
  }

  private Sent sent(Map<Partition, Ledger> ledgers, List<Move> chunk) {
    Map<Partition, Long> versions = new HashMap<>();
    ledgers.keySet().forEach(partition -> versions.put(partition, partition.version()));
    return new Sent(versions, chunk, time.nanos());
  }

  private Map<TopicPartition, Committed> committed(Map<Partition, Ledger> ledgers) {
    Map<TopicPartition, Committed> committed = new LinkedHashMap<>();
    ledgers.forEach((partition, ledger) ->
        committed.put(
            partition.id(),
            new Committed(ledger.base(), LedgerCodec.encode(ledger, settings.worker()))));
    return committed;
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
      case WriteResult.NotWritten not -> notWritten(sent, not);
      case WriteResult.Unknown unknown -> {
        unresolved = sent;
        events.accept(new WorkerEvent.WriteDelayed(unknown.reason()));
      }
      case WriteResult.Rejected rejected -> rejected(sent, rejected);
    }
    return false;
  }

  private void written(Sent sent) {
    lastSentNanos = Math.max(lastSentNanos, sent.nanos());
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
      moves.grow(sent.moves());
    }
    if (sent.moves().stream().anyMatch(Move::isTransfer)) {
      transfersRestUntil = now + Math.min(now - sent.nanos(), TRANSFERS_REST_MAX.toNanos());
    }
  }

  private static long movesOf(Partition partition, Sent sent, long version) {
    long own = sent.moves().stream().filter(move -> move.partition() == partition).count();
    return partition.version() == version + own ? own : 0;
  }

  private void notWritten(Sent sent, WriteResult.NotWritten not) {
    if (!not.commitFirst()) {
      notWritten(sent, not.reason());
      return;
    }
    failed(moving, sent.nanos(), not.reason());
    sent.moves().stream()
        .map(Move::partition)
        .distinct()
        .forEach(partition -> {
          partition.writeAgain(time.nanos());
          touched(partition);
        });
  }

  private void notWritten(Sent sent, String reason) {
    failed(sent.moves().isEmpty() ? committing : moving, sent.nanos(), reason);
    stepBack(sent.moves());
  }

  // Perhaps only some of them cannot be stored at the moment: the others come first now, in smaller
  // company.
  private void stepBack(List<Move> chunk) {
    if (!chunk.isEmpty()) {
      moves.halve(chunk);
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
      moves.halve(chunk);
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
