package dev.nightshift.common.ledger;

import java.util.zip.Checksum;

/// Reads what a [BitWriter] wrote. Not safe for use by many threads.
final class BitReader {
  private final String text;
  private int position;

  private BitReader(String text) {
    this.text = text;
  }

  /// A reader of that text.
  ///
  /// @throws LedgerCodec.UnreadableException if it has a character that no writer writes
  static BitReader of(String text) throws LedgerCodec.UnreadableException {
    for (int i = 0; i < text.length(); i++) {
      int value = text.charAt(i) - BitWriter.FIRST_CHAR;
      if (value < 0 || value >= 1 << BitWriter.BITS_PER_CHAR) {
        throw new LedgerCodec.UnreadableException(
            "the metadata is no ledger: character " + i + " is not one of a ledger's");
      }
    }
    return new BitReader(text);
  }

  long bits(int count) throws LedgerCodec.UnreadableException {
    if (position + count > text.length() * BitWriter.BITS_PER_CHAR) {
      throw new LedgerCodec.UnreadableException("the ledger ends too early");
    }
    long value = 0;
    for (int left = count; left > 0; ) {
      int inChar = position % BitWriter.BITS_PER_CHAR;
      int take = Math.min(left, BitWriter.BITS_PER_CHAR - inChar);
      int shift = BitWriter.BITS_PER_CHAR - inChar - take;
      value = value << take | (charAt(position) >>> shift & ((1 << take) - 1));
      position += take;
      left -= take;
    }
    return value;
  }

  long number() throws LedgerCodec.UnreadableException {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      boolean more = bits(1) == 1;
      value |= bits(7) << shift;
      if (!more) {
        return value;
      }
    }
    throw new LedgerCodec.UnreadableException("the ledger has a number that is too large");
  }

  /// The checksum of all that is behind the current position.
  long checksumOfRest(Checksum sum) throws LedgerCodec.UnreadableException {
    BitReader rest = new BitReader(text);
    rest.position = position;
    int left = text.length() * BitWriter.BITS_PER_CHAR - position;
    while (left >= BitWriter.BITS_PER_CHAR) {
      BitWriter.update(sum, (int) rest.bits(BitWriter.BITS_PER_CHAR));
      left -= BitWriter.BITS_PER_CHAR;
    }
    return sum.getValue();
  }

  private int charAt(int bit) {
    return text.charAt(bit / BitWriter.BITS_PER_CHAR) - BitWriter.FIRST_CHAR;
  }
}
