package dev.nightshift.common.dead;

import java.util.BitSet;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Any number of letters, at a bit for each offset: there may be millions. Owned by one thread.
/// Pure.
final class LetterSet {
  private final SortedMap<Integer, Part> parts = new TreeMap<>();
  private long size;

  /// Bits that count from the first offset seen, on a border of words.
  private static final class Part {
    private long start;
    private BitSet bits = new BitSet();

    Part(long first) {
      start = border(first);
    }

    private static long border(long offset) {
      return offset & -Long.SIZE;
    }

    int bit(long offset) {
      return Math.toIntExact(offset - start);
    }

    // Seldom: letters are mostly met in their order.
    void reach(long offset) {
      if (offset < start) {
        long before = border(offset);
        int shift = Math.toIntExact(start - before);
        BitSet shifted = new BitSet();
        bits.stream().forEach(bit -> shifted.set(bit + shift));
        bits = shifted;
        start = before;
      }
    }
  }

  void add(LetterId letter) {
    Part part = parts.computeIfAbsent(letter.partition(), p -> new Part(letter.offset()));
    part.reach(letter.offset());
    int bit = part.bit(letter.offset());
    if (!part.bits.get(bit)) {
      part.bits.set(bit);
      size++;
    }
  }

  void remove(LetterId letter) {
    Part part = parts.get(letter.partition());
    if (part != null && contains(letter)) {
      part.bits.clear(part.bit(letter.offset()));
      size--;
    }
  }

  boolean contains(LetterId letter) {
    Part part = parts.get(letter.partition());
    return part != null
        && letter.offset() >= part.start
        && part.bits.get(part.bit(letter.offset()));
  }

  /// How many there are.
  long size() {
    return size;
  }

  /// The partitions in which there are or were some.
  NavigableSet<Integer> partitions() {
    return new TreeSet<>(parts.keySet());
  }

  /// The offset of the first in a partition that is not below `from`.
  OptionalLong next(int partition, long from) {
    Part part = parts.get(partition);
    if (part == null) {
      return OptionalLong.empty();
    }
    int bit = part.bits.nextSetBit(part.bit(Math.max(from, part.start)));
    return bit < 0 ? OptionalLong.empty() : OptionalLong.of(part.start + bit);
  }

  /// Each in its order.
  void forEach(Consumer<LetterId> action) {
    parts.forEach((partition, part) ->
        part.bits.stream()
            .forEach(bit -> action.accept(new LetterId(partition, part.start + bit))));
  }

  /// The offset of the last in a partition.
  OptionalLong last(int partition) {
    Part part = parts.get(partition);
    return part == null || part.bits.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(part.start + part.bits.length() - 1);
  }
}
