package dev.nightshift.worker.internal.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// What waits to be moved, in two lines that take turns: ends of events, and transfers into lanes,
/// of which there may be very many. Owned by the loop's thread. Pure.
final class Moves {
  // So many partitions' ledgers at most go into one transaction: a group's commit is bounded by 1
  // MB in the broker.
  private static final int PARTITIONS_MAX = 50;

  private final int recordsMax;
  private final long bytesMax;
  private final Line ends;
  private final Line transfers;
  private boolean transfersAreNext;

  /// @param recordsMax so many records at most go into one transaction, unless one move has more
  /// @param bytesMax and so many bytes
  Moves(int recordsMax, long bytesMax) {
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
    this.ends = new Line(recordsMax);
    this.transfers = new Line(recordsMax);
  }

  private static final class Line {
    final Deque<Move> moves = new ArrayDeque<>();
    final Map<Partition, Integer> counts = new HashMap<>();
    long bytes;
    // Fewer after a failure: perhaps only some of them cannot be stored.
    int chunkMax;

    Line(int chunkMax) {
      this.chunkMax = chunkMax;
    }

    void added(Move move) {
      counts.merge(move.partition(), 1, Integer::sum);
      bytes += move.bytes();
    }

    void removed(Move move) {
      counts.computeIfPresent(move.partition(), (each, count) -> count == 1 ? null : count - 1);
      bytes -= move.bytes();
    }

    boolean remove(Move move) {
      boolean was = moves.removeFirstOccurrence(move);
      if (was) {
        removed(move);
      }
      return was;
    }

    void removeIf(Predicate<Partition> which) {
      moves.removeIf(move -> {
        boolean matches = which.test(move.partition());
        if (matches) {
          removed(move);
        }
        return matches;
      });
    }

    boolean over(int records, long maxBytes) {
      return moves.size() >= records || bytes >= maxBytes;
    }
  }

  private Line lineOf(Move move) {
    return move.isTransfer() ? transfers : ends;
  }

  void addLast(Move move) {
    Line line = lineOf(move);
    line.moves.addLast(move);
    line.added(move);
  }

  void addFirst(Move move) {
    Line line = lineOf(move);
    line.moves.addFirst(move);
    line.added(move);
  }

  /// @return whether it was there; cheap if it is one of the first
  boolean remove(Move move) {
    return lineOf(move).remove(move);
  }

  boolean isEmpty() {
    return ends.moves.isEmpty() && transfers.moves.isEmpty();
  }

  /// What goes into the next transaction: of one line, which is the other one's turn if that has
  /// something. Empty if nothing may go.
  ///
  /// @param transfersMax so many transfers at most
  List<Move> next(int transfersMax) {
    boolean mayTransfer = transfersMax > 0 && !transfers.moves.isEmpty();
    boolean transfer = mayTransfer && (transfersAreNext || ends.moves.isEmpty());
    transfersAreNext = !transfer;
    return transfer ? chunk(transfers, transfersMax) : chunk(ends, Integer.MAX_VALUE);
  }

  private List<Move> chunk(Line line, int max) {
    List<Move> chunk = new ArrayList<>();
    Set<Partition> partitions = new HashSet<>();
    int records = 0;
    long bytes = 0;
    for (Move move : line.moves) {
      records += move.records().size();
      bytes += move.bytes();
      partitions.add(move.partition());
      boolean over = records > recordsMax || bytes > bytesMax || partitions.size() > PARTITIONS_MAX;
      if (!chunk.isEmpty() && (over || chunk.size() >= Math.min(line.chunkMax, max))) {
        break;
      }
      chunk.add(move);
    }
    return chunk;
  }

  /// A transaction of these was refused: the next one of their line takes half as many.
  void halve(List<Move> chunk) {
    lineOf(chunk.getFirst()).chunkMax = Math.max(1, chunk.size() / 2);
  }

  /// A transaction of these was stored: the next one of their line may take twice as many.
  void grow(List<Move> chunk) {
    Line line = lineOf(chunk.getFirst());
    line.chunkMax = Math.min(recordsMax, 2 * line.chunkMax);
  }

  /// Whether events of these partitions end or go on elsewhere.
  boolean hasEnds(Collection<Partition> partitions) {
    return partitions.stream().anyMatch(ends.counts::containsKey);
  }

  /// How many events of this partition wait to go into their lanes.
  int transfers(Partition partition) {
    return transfers.counts.getOrDefault(partition, 0);
  }

  /// Whether any events end or go on elsewhere.
  boolean hasEnds() {
    return !ends.moves.isEmpty();
  }

  /// Whether as many ends wait as two transactions take.
  boolean full() {
    return ends.over(2 * recordsMax, 2 * bytesMax);
  }

  /// Forgets all moves of these partitions.
  void forget(Collection<Partition> partitions) {
    ends.removeIf(partitions::contains);
    transfers.removeIf(partitions::contains);
  }

  /// Forgets transfers: their events stay where they are.
  void dropTransfers(Predicate<Partition> which) {
    transfers.removeIf(which);
  }
}
