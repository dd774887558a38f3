package dev.nightshift.bench.stage;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/// What a process counted, as [dev.nightshift.bench.handlers.Tally] wrote it.
///
/// @param warm when as many had started as warm it up
/// @param lastEnd when the last handler came to its end
/// @param durable when the process knew that all is on record; the epoch if it does not look
/// @param starts how often each event was started
/// @param ends how often each event's handler came to its end
/// @param repeated starts beyond an event's first attempt
public record TallyFile(
    Moment warm, Moment lastEnd, Moment durable, int repeated, int[] starts, int[] ends) {

  /// A time, and what process and broker had used of the processors by then.
  public record Moment(Instant at, Duration ownCpu, Duration brokerCpu) {
    private static Moment read(DataInputStream in) throws IOException {
      return new Moment(
          Instant.ofEpochMilli(in.readLong()),
          Duration.ofNanos(in.readLong() * 1_000),
          Duration.ofNanos(in.readLong() * 1_000));
    }
  }

  /// Reads a file.
  public static TallyFile read(Path file) {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      Moment warm = Moment.read(in);
      Moment lastEnd = Moment.read(in);
      Moment durable = Moment.read(in);
      int repeated = in.readInt();
      int events = in.readInt();
      int[] starts = unsigned(in.readNBytes(events));
      return new TallyFile(
          warm, lastEnd, durable, repeated, starts, unsigned(in.readNBytes(events)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] unsigned(byte[] bytes) {
    int[] counts = new int[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      counts[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return counts;
  }
}
