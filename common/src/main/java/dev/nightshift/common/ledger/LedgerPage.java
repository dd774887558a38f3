package dev.nightshift.common.ledger;

import java.util.Arrays;

/// The marks of 256 neighbouring offsets, two bits each. Part of a [Ledger] and owned like it.
final class LedgerPage {
  static final int SIZE = 256;

  private static final int PER_WORD = 32;
  private static final int COMPLETED = Mark.COMPLETED.ordinal();
  private static final long ALL_COMPLETED = 0xAAAA_AAAA_AAAA_AAAAL;
  private static final long LOW_BITS = 0x5555_5555_5555_5555L;

  private final long[] words;
  private int open;

  private LedgerPage(long[] words, int open) {
    this.words = words;
    this.open = open;
  }

  /// A page whose offsets are all completed.
  static LedgerPage completed() {
    long[] words = new long[SIZE / PER_WORD];
    Arrays.fill(words, ALL_COMPLETED);
    return new LedgerPage(words, 0);
  }

  LedgerPage copy() {
    return new LedgerPage(words.clone(), open);
  }

  /// How many of its offsets are not completed.
  int open() {
    return open;
  }

  Mark mark(int index) {
    return Mark.of(bits(index));
  }

  void mark(int index, Mark mark) {
    int before = bits(index);
    int after = mark.ordinal();
    open += (before == COMPLETED ? 1 : 0) - (after == COMPLETED ? 1 : 0);
    int shift = 2 * (index % PER_WORD);
    words[index / PER_WORD] = (words[index / PER_WORD] & ~(3L << shift)) | ((long) after << shift);
  }

  /// The first index from `from` on that is not completed; [#SIZE] if there is none.
  int firstOpen(int from) {
    for (int word = from / PER_WORD, skip = from % PER_WORD;
        word < words.length;
        word++, skip = 0) {
      long differs = words[word] ^ ALL_COMPLETED;
      long open = (differs | differs >>> 1) & LOW_BITS & -1L << 2 * skip;
      if (open != 0) {
        return word * PER_WORD + Long.numberOfTrailingZeros(open) / 2;
      }
    }
    return SIZE;
  }

  private int bits(int index) {
    return (int) (words[index / PER_WORD] >>> 2 * (index % PER_WORD)) & 3;
  }
}
