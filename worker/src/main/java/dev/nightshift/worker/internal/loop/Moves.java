package dev.nightshift.worker.internal.loop;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What waits to be moved: ends of events first, and after them the transfers into lanes, of which
/// there may be very many and which nobody waits for. Owned by the loop's thread. Pure.
final class Moves {
  private final Line ends = new Line();
  private final Line transfers = new Line();

  private static final class Line {
    final Deque<Move> moves = new ArrayDeque<>();
    long bytes;

    boolean remove(Move move) {
      boolean removed = moves.removeFirstOccurrence(move);
      bytes -= removed ? move.bytes() : 0;
      return removed;
    }

    void removeIf(Predicate<Partition> which) {
      moves.removeIf(move -> {
        boolean matches = which.test(move.partition());
        bytes -= matches ? move.bytes() : 0;
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
    line.bytes += move.bytes();
  }

  void addFirst(Move move) {
    Line line = lineOf(move);
    line.moves.addFirst(move);
    line.bytes += move.bytes();
  }

  /// @return whether it was there; cheap if it is one of the first
  boolean remove(Move move) {
    return lineOf(move).remove(move);
  }

  boolean isEmpty() {
    return ends.moves.isEmpty() && transfers.moves.isEmpty();
  }

  /// In the order in which they are written.
  ///
  /// @param transfersMax so many transfers at most
  Stream<Move> inOrder(int transfersMax) {
    return Stream.concat(ends.moves.stream(), transfers.moves.stream().limit(transfersMax));
  }

  /// Whether events of these partitions end or go on elsewhere.
  boolean hasEnds(Collection<Partition> partitions) {
    return ends.moves.stream().anyMatch(move -> partitions.contains(move.partition()));
  }

  /// Whether any events end or go on elsewhere.
  boolean hasEnds() {
    return !ends.moves.isEmpty();
  }

  /// Whether there are so many ends.
  boolean endsOver(int records, long bytes) {
    return ends.over(records, bytes);
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
