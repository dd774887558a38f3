package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.worker.internal.log.EventLog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// What is read, and from where: keeps what is in memory within its bounds by pausing partitions.
/// Owned by the loop's thread.
final class Reading {
  // Offsets in a row that nobody asks for and that are rather skipped by seeking than read.
  private static final long SEEK_OVER = 1_000;
  private static final int PARTITION_WAITING_MAX = 4_000;
  private static final int PARTITION_WAITING_MIN = 16;
  // More of them would not leave sooner, but would be in memory for longer, and each collection of
  // garbage copies what is.
  static final int PARTITION_LEAVING_MAX = 1_000;

  private final LoopSettings settings;
  private final LoopTime time;
  private final EventLog log;
  private final Scribe scribe;
  private final long ledgerBits;
  private final Set<Partition> unsettled = new HashSet<>();
  // Those of which something waits, as they were looked at last.
  private final Set<Partition> holding = new HashSet<>();
  private boolean closed;

  Reading(LoopSettings settings, LoopTime time, EventLog log, Scribe scribe) {
    this.settings = settings;
    this.time = time;
    this.log = log;
    this.scribe = scribe;
    this.ledgerBits = LedgerCodec.pageBits(settings.ledgerCharsMax());
  }

  /// Nothing is read any more.
  void close(Collection<Partition> all) {
    closed = true;
    unsettled.addAll(all);
  }

  /// The partitions are not assigned any more.
  void forget(Collection<Partition> partitions) {
    partitions.forEach(unsettled::remove);
    partitions.forEach(holding::remove);
  }

  /// The partition's buffers may have changed, so reading it may have to stop or go on.
  void touched(Partition partition) {
    unsettled.add(partition);
  }

  /// When a partition that is held back is due, if one is.
  Optional<Instant> nextDue() {
    return unsettled.stream().flatMap(each -> each.heldUntil().stream()).min(Instant::compareTo);
  }

  /// Partitions for which there is no room, while anything is read at all.
  List<Partition> full() {
    return closed
        ? List.of()
        : unsettled.stream()
            .filter(each -> each.fullSince().isPresent() && !each.stopped())
            .toList();
  }

  /// Pauses partitions that are full and resumes those that are not.
  ///
  /// @param assigned how many partitions share the buffers
  void balance(int assigned) {
    if (unsettled.isEmpty()) {
      return;
    }
    List<TopicPartition> pause = new ArrayList<>();
    List<TopicPartition> resume = new ArrayList<>();
    Instant now = time.wall();
    boolean stop = closed || scribe.full();
    Room held = held();
    for (Partition partition : List.copyOf(unsettled)) {
      partition.release(now);
      boolean room = hasRoom(partition, assigned, held);
      partition.full(!room, time.nanos());
      // What a former owner of a stopped partition had claimed does not run: it is dealt with.
      boolean stopped = partition.stopped() && !partition.inRecovery();
      boolean wanted =
          !stop && !stopped && partition.heldUntil().isEmpty() && room && !manyLeave(partition);
      if (wanted == partition.paused()) {
        (wanted ? resume : pause).add(partition.id());
        partition.paused(!wanted);
      }
      if (wanted) {
        unsettled.remove(partition);
      }
    }
    if (!pause.isEmpty()) {
      log.pause(pause);
    }
    if (!resume.isEmpty()) {
      log.resume(resume);
    }
  }

  /// What waits in memory, or may.
  private record Room(long events, long bytes) {
    Room part(int parts) {
      return new Room(events / parts, bytes / parts);
    }

    Room without(Room taken) {
      return new Room(events - taken.events, bytes - taken.bytes);
    }

    boolean takesMoreOf(Partition partition) {
      return partition.waiting() < events && partition.waitingBytes() < bytes;
    }
  }

  private Room held() {
    holding.addAll(unsettled);
    holding.removeIf(each -> each.waiting() == 0);
    long events = 0;
    long bytes = 0;
    for (Partition each : holding) {
      events += each.waiting();
      bytes += each.waitingBytes();
    }
    return new Room(events, bytes);
  }

  // Each has its part of the room. Of ten thousand, most of which nobody uses, that would be a
  // handful of events: half as much again is for those that are used. Of that each may take as much
  // as it leaves for others.
  private boolean hasRoom(Partition partition, int assigned, Room held) {
    Room all = new Room(settings.waitingMax(), settings.waitingBytesMax());
    Room own = all.part(Math.max(1, assigned));
    Room left = all.part(2).without(held);
    boolean room =
        upTo(partition, Math.max(PARTITION_WAITING_MIN, own.events()), Math.max(1, own.bytes()))
            || upTo(partition, left.events(), left.bytes());
    return room && (partition.knowsMore() || hasLedgerRoom(partition));
  }

  // A paused partition is read again only when half of that is free.
  private static boolean upTo(Partition partition, long events, long bytes) {
    return new Room(Math.min(PARTITION_WAITING_MAX, events), bytes)
        .part(part(partition))
        .takesMoreOf(partition);
  }

  // That is no reason for others to make way.
  private boolean manyLeave(Partition partition) {
    return scribe.leaving(partition) >= PARTITION_LEAVING_MAX / part(partition);
  }

  private static int part(Partition partition) {
    return partition.paused() ? 2 : 1;
  }

  /// Whether the partition's ledger can take one more event.
  boolean hasLedgerRoom(Partition partition) {
    return partition.ledger().hasRoom(ledgerBits);
  }

  /// Reads the record at `offset` again, not before an instant; until then nothing of its partition
  /// is taken.
  void holdAt(Partition partition, long offset, Instant until) {
    partition.position(offset);
    partition.hold(until);
    log.seek(partition.id(), offset);
    touched(partition);
  }

  /// A record was taken, or is not asked for: goes on with the next one that is.
  void goOn(Partition partition) {
    if (!partition.inRecovery()) {
      long end = partition.ledger().end();
      skipTo(partition, partition.ledger().firstOpen(partition.position()).orElse(end));
      return;
    }
    OptionalLong claim = partition.ledger().firstClaim(partition.position());
    if (claim.isPresent()) {
      skipTo(partition, claim.getAsLong());
    } else {
      partition.recovered();
      holdAt(partition, partition.ledger().base(), time.wall());
    }
  }

  private void skipTo(Partition partition, long next) {
    if (next - partition.position() >= SEEK_OVER) {
      log.seek(partition.id(), next);
      partition.position(next);
    }
  }
}
