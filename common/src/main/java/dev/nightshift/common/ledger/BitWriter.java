package dev.nightshift.common.ledger;

import java.util.Arrays;
import java.util.zip.Checksum;

/// Bits, written as text of 15 bits a character. The characters begin at U+0100, so none is a
/// control character or half of a surrogate pair. Not safe for use by many threads.
final class BitWriter {
  static final int BITS_PER_CHAR = 15;
  static final char FIRST_CHAR = '\u0100';

  private char[] chars = new char[64];
  private int length;
  private int pending;
  private int pendingBits;

  /// Appends the lowest `count` bits of `value`, highest first.
  void bits(long value, int count) {
    for (int left = count; left > 0; ) {
      int take = Math.min(left, BITS_PER_CHAR - pendingBits);
      int part = (int) (value >>> (left - take)) & ((1 << take) - 1);
      pending = pending << take | part;
      pendingBits += take;
      left -= take;
      if (pendingBits == BITS_PER_CHAR) {
        put();
      }
    }
  }

  /// Appends a number from 0 on in groups of seven bits, each behind a bit that says whether more
  /// follow.
  void number(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a number from 0 on is expected, not " + value);
    }
    long rest = value;
    while (rest >= 128) {
      bits(1, 1);
      bits(rest & 127, 7);
      rest >>>= 7;
    }
    bits(0, 1);
    bits(rest, 7);
  }

  void append(BitWriter other) {
    for (int i = 0; i < other.length; i++) {
      bits(other.chars[i] - FIRST_CHAR, BITS_PER_CHAR);
    }
    if (other.pendingBits > 0) {
      bits((long) other.pending << (BITS_PER_CHAR - other.pendingBits), BITS_PER_CHAR);
    }
  }

  /// The checksum of what was written, the last character filled up with zeros.
  long checksum(Checksum sum) {
    for (int i = 0; i < length; i++) {
      update(sum, chars[i] - FIRST_CHAR);
    }
    if (pendingBits > 0) {
      update(sum, pending << (BITS_PER_CHAR - pendingBits));
    }
    return sum.getValue();
  }

  String text() {
    String whole = new String(chars, 0, length);
    return pendingBits == 0
        ? whole
        : whole + (char) (FIRST_CHAR + (pending << (BITS_PER_CHAR - pendingBits)));
  }

  static void update(Checksum sum, int value) {
    sum.update(value >>> 8);
    sum.update(value & 0xFF);
  }

  private void put() {
    if (length == chars.length) {
      chars = Arrays.copyOf(chars, 2 * length);
    }
    chars[length++] = (char) (FIRST_CHAR + pending);
    pending = 0;
    pendingBits = 0;
  }
}
