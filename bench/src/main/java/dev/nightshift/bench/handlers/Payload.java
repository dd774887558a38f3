package dev.nightshift.bench.handlers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;

/// What an event carries: its number, when it was emitted, for how long its first attempt sleeps.
///
/// @param number from 0
/// @param emittedAtNanos since the epoch, by this machine's clock
/// @param sleepMillis of its first attempt; zero for none
public record Payload(int number, long emittedAtNanos, int sleepMillis) {
  /// How many bytes it has.
  public static final int BYTES = 256;

  private static final byte DIGIT = '#';
  private static final byte[] ORDER =
      ("{\"order\":\"o-########\",\"customer\":\"c-#####\",\"total\":###.##,\"items\":["
              + "{\"sku\":\"S-####\",\"quantity\":#,\"price\":##.##},"
              + "{\"sku\":\"S-####\",\"quantity\":#,\"price\":##.##}],"
              + "\"currency\":\"EUR\",\"express\":true,\"address\":{\"zip\":\"#####\",\"country\":\"DE\"}}")
          .getBytes(US_ASCII);

  /// What is emitted now.
  public static Payload now(int number, Duration sleep) {
    return new Payload(number, nowNanos(), Math.toIntExact(sleep.toMillis()));
  }

  /// Since the epoch.
  public static long nowNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /// Reads one.
  public static Payload read(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Payload(in.getInt(), in.getLong(), in.getInt());
  }

  /// With an order as JSON behind it, as services emit one, so that it compresses as what they emit
  /// does: LZ4 leaves about a third.
  public byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putInt(number).putLong(emittedAtNanos).putInt(sleepMillis);
    SplittableRandom digits = new SplittableRandom(number);
    for (byte letter : ORDER) {
      bytes.put(letter == DIGIT ? (byte) ('0' + digits.nextInt(10)) : letter);
    }
    Arrays.fill(bytes.array(), bytes.position(), BYTES, (byte) ' ');
    return bytes.array();
  }
}
