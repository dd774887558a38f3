package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.worker.internal.run.AttemptKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// One assigned partition: its ledger, what of it waits and what was claimed by this worker. Owned
/// by the loop's thread; made when the partition is assigned, forgotten when it is taken away.
final class Partition {
  /// What its topic holds.
  enum Kind {
    /// What was emitted. Anyone may write to it.
    EVENTS,
    /// Events whose attempt was lost, of all canvases. Only workers write to it, as to a lane.
    RETRY,
    /// Events of one queue.
    LANE;

    static Kind of(String topic, TopicPlan plan) {
      return topic.equals(plan.retry()) ? RETRY : plan.isLane(topic) ? LANE : EVENTS;
    }
  }

  private final TopicPartition id;
  private final long assignment;
  private final Kind kind;
  private final Ledger ledger;
  private final String formerWriter;
  private final long formerClaims;
  private final Map<Long, Attempt> attempts = new HashMap<>();
  // What a former owner had claimed, was read again and is on its way to where it goes on.
  private final Set<Long> recovering = new HashSet<>();

  private long position;
  private boolean inRecovery;
  private int waiting;
  private long waitingBytes;
  private @Nullable Instant heldUntil;
  private OptionalLong waitedFor = OptionalLong.empty();
  private boolean paused;
  private boolean stopped;
  private OptionalLong fullSince = OptionalLong.empty();

  // Each change of the ledger makes a new version; a write says which version it carries.
  private long version;
  private long writtenVersion;
  private long changedNanos;

  /// @param assignment tells this assignment from an earlier one of the same partition
  /// @param formerWriter who wrote the ledger last; empty if nobody
  Partition(TopicPartition id, long assignment, Kind kind, Ledger ledger, String formerWriter) {
    this.id = id;
    this.assignment = assignment;
    this.kind = kind;
    this.ledger = ledger;
    this.formerWriter = formerWriter;
    this.formerClaims = ledger.claims();
    this.position = ledger.base();
  }

  TopicPartition id() {
    return id;
  }

  /// Whether a record was read from it.
  boolean isOf(ConsumerRecord<?, ?> record) {
    return record.partition() == id.partition() && record.topic().equals(id.topic());
  }

  long assignment() {
    return assignment;
  }

  Kind kind() {
    return kind;
  }

  /// Whether only workers write the topic.
  boolean trusted() {
    return kind != Kind.EVENTS;
  }

  /// For reading; changes go through this class.
  Ledger ledger() {
    return ledger;
  }

  String formerWriter() {
    return formerWriter;
  }

  /// How many offsets a former owner had claimed or handed back.
  long formerClaims() {
    return formerClaims;
  }

  /// The next offset that is expected.
  long position() {
    return position;
  }

  void position(long offset) {
    position = offset;
  }

  /// Whether the next record was received by a former owner already: reading it takes no more room
  /// in the ledger.
  boolean knowsMore() {
    return position < ledger.end();
  }

  // --- what a former owner had claimed

  /// What a former owner has claimed and not settled is read before all else: it may be far from
  /// the base, and nobody should wait for it behind what waits itself.
  ///
  /// @param logEnd what lies behind it does not exist
  void recover(long logEnd) {
    OptionalLong claim = ledger.firstClaim(position);
    inRecovery = claim.isPresent() && claim.getAsLong() < logEnd;
    if (inRecovery) {
      position = claim.getAsLong();
    }
  }

  /// Whether only what a former owner had claimed is taken from what is read.
  boolean inRecovery() {
    return inRecovery;
  }

  /// All of it was read; now all else is, from the base on.
  void recovered() {
    inRecovery = false;
  }

  /// The event at `offset` was claimed by a former owner and is dealt with.
  void recovers(long offset) {
    recovering.add(offset);
  }

  /// Whether it was read before and is being dealt with.
  boolean isRecovering(long offset) {
    return recovering.contains(offset);
  }

  // --- the ledger

  /// Notes that the record at `offset` was read: what lies between the position and it does not
  /// exist.
  ///
  /// @param clock asked only if something does not: that takes longer than to note the record
  void read(long offset, LongSupplier clock) {
    // As a rule nothing lies between.
    for (OptionalLong open = position < offset ? ledger.firstOpen(position) : OptionalLong.empty();
        open.isPresent() && open.getAsLong() < offset;
        open = ledger.firstOpen(open.getAsLong() + 1)) {
      if (!attempts.containsKey(open.getAsLong())) {
        complete(open.getAsLong(), clock.getAsLong());
      }
    }
    position = offset + 1;
    if (offset >= ledger.end()) {
      ledger.receive(offset);
    }
  }

  /// Everything below `offset` is not in the log any more.
  void skipTo(long offset, long nanos) {
    for (OptionalLong open = ledger.firstOpen(position);
        open.isPresent() && open.getAsLong() < offset;
        open = ledger.firstOpen(open.getAsLong() + 1)) {
      complete(open.getAsLong(), nanos);
    }
    ledger.endAt(offset);
    position = Math.max(position, offset);
  }

  Attempt claim(Waiting event, long nanos) {
    ledger.claim(event.offset());
    changed(nanos);
    AttemptKey key = new AttemptKey(id, assignment, event.offset());
    Attempt attempt = new Attempt(event, key, version);
    attempts.put(event.offset(), attempt);
    return attempt;
  }

  /// The offset is settled. Written with the next write of this partition.
  void complete(long offset, long nanos) {
    ledger.complete(offset);
    attempts.remove(offset);
    recovering.remove(offset);
    changed(nanos);
  }

  /// A live worker gives up an attempt uncharged.
  void release(Attempt attempt, long nanos) {
    ledger.release(attempt.key().offset());
    attempts.remove(attempt.key().offset());
    changed(nanos);
  }

  /// A worker that must stop gives up an attempt, charged.
  void handBack(Attempt attempt, long nanos) {
    ledger.handBack(attempt.key().offset());
    attempts.remove(attempt.key().offset());
    changed(nanos);
  }

  @Nullable Attempt attempt(long offset) {
    return attempts.get(offset);
  }

  /// Whether a handler runs for an event of it, or has ended without a stored trace.
  boolean runs() {
    return attempts.values().stream().anyMatch(Attempt::open);
  }

  List<Attempt> attempts() {
    return new ArrayList<>(attempts.values());
  }

  // --- what is written

  long version() {
    return version;
  }

  boolean dirty() {
    return version > writtenVersion;
  }

  /// When the oldest change that is not written was made; only while [#dirty].
  long changedNanos() {
    return changedNanos;
  }

  boolean holds(Attempt claim) {
    return claim.claimVersion() <= writtenVersion;
  }

  void written(long upTo) {
    writtenVersion = Math.max(writtenVersion, upTo);
  }

  /// The write that carried the claims took too long to start upon: they must be written again.
  void doubt(long nanos) {
    changed(nanos);
    writtenVersion = 0;
  }

  /// Its ledger is to be written, though nothing in it has changed.
  void writeAgain(long nanos) {
    changed(nanos);
  }

  private void changed(long nanos) {
    if (!dirty()) {
      changedNanos = nanos;
    }
    version++;
  }

  // --- what waits

  int waiting() {
    return waiting;
  }

  long waitingBytes() {
    return waitingBytes;
  }

  void waits(Waiting event) {
    waiting++;
    waitingBytes += event.bytes();
  }

  void waitsNoMore(Waiting event) {
    waiting--;
    waitingBytes -= event.bytes();
  }

  /// Nothing is read until then.
  void hold(Instant until) {
    heldUntil = until;
  }

  /// Until when it is to be held for the sake of the next event, which is not to be started before;
  /// empty if that may be taken. It is held no longer from now on than the event's writer meant
  /// when it wrote, whose clock may be ahead: when it is read again, the event has waited.
  Optional<Instant> waitsUntil(EventEnvelope event, Instant now) {
    OptionalLong offset = OptionalLong.of(event.record().offset());
    Optional<Instant> notBefore = event.notBefore().filter(now::isBefore);
    if (notBefore.isEmpty() || waitedFor.equals(offset)) {
      return Optional.empty();
    }
    Instant meant = now.plus(Duration.between(EventTime.stored(event.record()), notBefore.get()));
    Optional<Instant> until =
        Optional.of(meant.isBefore(notBefore.get()) ? meant : notBefore.get())
            .filter(now::isBefore);
    if (until.isPresent()) {
      waitedFor = offset;
    }
    return until;
  }

  Optional<Instant> heldUntil() {
    return Optional.ofNullable(heldUntil);
  }

  void release(Instant now) {
    if (heldUntil != null && !now.isBefore(heldUntil)) {
      heldUntil = null;
    }
  }

  boolean paused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  /// Whether flags stop all that it holds.
  boolean stopped() {
    return stopped;
  }

  void stopped(boolean now) {
    stopped = now;
  }

  /// Since when there has been no room for more of it; empty if there is.
  OptionalLong fullSince() {
    return fullSince;
  }

  void full(boolean now, long nanos) {
    if (now != fullSince.isPresent()) {
      fullSince = now ? OptionalLong.of(nanos) : OptionalLong.empty();
    }
  }
}
