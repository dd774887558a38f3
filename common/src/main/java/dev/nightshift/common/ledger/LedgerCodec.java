package dev.nightshift.common.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.zip.CRC32;
import org.apache.kafka.common.Uuid;

/// A [Ledger] as the metadata of a committed offset, and back.
///
/// The broker's limit counts characters (`offset.metadata.max.bytes`, 4,096 by default), so each
/// character carries 15 bits. In order: version (4), checksum of the rest (32), topic id (128), the
/// writer's name, the distance from base to end, the number of pages, and each page: its distance
/// from the page before, then either a list of the offsets that are not completed with their marks,
/// or all 256 marks. Pure; safe for use by many threads.
public final class LedgerCodec {
  private static final int VERSION = 1;
  private static final int WRITER_BYTES_MAX = 60;

  // Everything but the pages: version, checksum, topic id, writer, two lengths of at most nine
  // groups, the last
  // character's padding.
  private static final int FRAME_BITS = 4 + 32 + 128 + 8 * (1 + WRITER_BYTES_MAX) + 2 * 72 + 15;

  private LedgerCodec() {}

  /// What was read.
  ///
  /// @param writer the worker that wrote it
  public record Decoded(Ledger ledger, String writer) {}

  /// Metadata that is no ledger of this version: another tool's, a newer version's, or damaged.
  public static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message);
    }
  }

  /// How many bits a ledger's pages may cost ([Ledger#hasRoom]) so that it fits.
  ///
  /// @param charsMax what the broker allows, in characters
  public static long pageBits(int charsMax) {
    return (long) charsMax * BitWriter.BITS_PER_CHAR - FRAME_BITS;
  }

  /// Writes the ledger; its base is written beside it, as the committed offset.
  public static String encode(Ledger ledger, String writer) {
    BitWriter body = new BitWriter();
    Uuid id = ledger.topicId();
    body.bits(id.getMostSignificantBits(), 64);
    body.bits(id.getLeastSignificantBits(), 64);
    byte[] name = writer.getBytes(UTF_8);
    int nameBytes = Math.min(name.length, WRITER_BYTES_MAX);
    body.bits(nameBytes, 8);
    for (int i = 0; i < nameBytes; i++) {
      body.bits(name[i], 8);
    }
    body.number(ledger.end() - ledger.base());
    body.number(ledger.pages().size());
    long next = ledger.base() / LedgerPage.SIZE;
    for (Map.Entry<Long, LedgerPage> entry : ledger.pages().entrySet()) {
      body.number(entry.getKey() - next);
      encode(entry.getValue(), body);
      next = entry.getKey() + 1;
    }
    BitWriter all = new BitWriter();
    all.bits(VERSION, 4);
    all.bits(body.checksum(new CRC32()), 32);
    all.append(body);
    return all.text();
  }

  /// Whether a ledger's writer is this worker, as far as it says: long names are cut.
  public static boolean isWriter(String writer, String worker) {
    byte[] name = worker.getBytes(UTF_8);
    return name.length <= WRITER_BYTES_MAX
        ? worker.equals(writer)
        : new String(name, 0, WRITER_BYTES_MAX, UTF_8).equals(writer);
  }

  /// Reads a ledger.
  ///
  /// @param base the committed offset
  /// @throws UnreadableException if it is none; nothing is known then
  public static Decoded decode(long base, String metadata) throws UnreadableException {
    BitReader in = BitReader.of(metadata);
    long version = in.bits(4);
    if (version != VERSION) {
      throw new UnreadableException(
          "ledger version " + version + " is not known, this worker reads version " + VERSION);
    }
    long checksum = in.bits(32);
    if (checksum != in.checksumOfRest(new CRC32())) {
      throw new UnreadableException("the ledger's checksum does not match");
    }
    Uuid topicId = new Uuid(in.bits(64), in.bits(64));
    byte[] name = new byte[(int) in.bits(8)];
    for (int i = 0; i < name.length; i++) {
      name[i] = (byte) in.bits(8);
    }
    long end = base + in.number();
    Ledger ledger = Ledger.empty(topicId, base);
    long pages = in.number();
    long number = base / LedgerPage.SIZE;
    for (long page = 0; page < pages; page++) {
      number += in.number();
      decode(number * LedgerPage.SIZE, in, ledger);
      number++;
    }
    ledger.endAt(end);
    return new Decoded(ledger, new String(name, UTF_8));
  }

  private static void encode(LedgerPage page, BitWriter out) {
    boolean plain = page.open() * Ledger.LISTED_BITS >= Ledger.PLAIN_BITS;
    out.bits(plain ? 1 : 0, 1);
    if (plain) {
      for (int index = 0; index < LedgerPage.SIZE; index++) {
        out.bits(page.mark(index).ordinal(), 2);
      }
      return;
    }
    out.bits(page.open(), 8);
    for (int index = page.firstOpen(0);
        index < LedgerPage.SIZE;
        index = page.firstOpen(index + 1)) {
      out.bits(index, 8);
      out.bits(page.mark(index).ordinal(), 2);
    }
  }

  private static void decode(long first, BitReader in, Ledger ledger) throws UnreadableException {
    boolean plain = in.bits(1) == 1;
    int listed = plain ? LedgerPage.SIZE : (int) in.bits(8);
    for (int i = 0; i < listed; i++) {
      long offset = first + (plain ? i : in.bits(8));
      Mark mark = Mark.of((int) in.bits(2));
      if (mark != Mark.COMPLETED) {
        ledger.restore(offset, mark);
      }
    }
  }
}
