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
    unsettled.removeAll(partitions);
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
    for (Partition partition : List.copyOf(unsettled)) {
      partition.release(now);
      boolean room = hasRoom(partition, assigned);
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

  // A paused partition is read again only when half of its share is free.
  private boolean hasRoom(Partition partition, int assigned) {
    int all = Math.max(1, assigned);
    int share =
        Math.clamp(settings.waitingMax() / all, PARTITION_WAITING_MIN, PARTITION_WAITING_MAX);
    long bytes = Math.max(1, settings.waitingBytesMax() / all);
    int part = part(partition);
    return partition.waiting() < share / part
        && partition.waitingBytes() < bytes / part
        && (partition.knowsMore() || hasLedgerRoom(partition));
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
