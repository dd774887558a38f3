package dev.nightshift.bench.stage;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

/// What a process counted, as [dev.nightshift.bench.handlers.Tally] wrote it.
///
/// @param warm when as many had started as warm it up
/// @param lastEnd when the last handler came to its end
/// @param durable when the process knew that all is on record; the epoch if it does not look
/// @param repeated starts beyond an event's first attempt
/// @param starts how often each event was started
/// @param ends how often each event's handler came to its end
/// @param emittedAtNanos since the epoch, by event; empty if that is not noted
/// @param startedAtNanos the last start since the epoch, by event; zero for none
public record TallyFile(
    Moment warm,
    Moment lastEnd,
    Moment durable,
    int repeated,
    int[] starts,
    int[] ends,
    long[] emittedAtNanos,
    long[] startedAtNanos) {

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
      int[] ends = unsigned(in.readNBytes(events));
      int stamps = in.readInt();
      long[] emitted = new long[stamps];
      long[] started = new long[stamps];
      for (int i = 0; i < stamps; i++) {
        emitted[i] = in.readLong();
        started[i] = in.readLong();
      }
      return new TallyFile(warm, lastEnd, durable, repeated, starts, ends, emitted, started);
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

  /// When the work was done and known to be: the later of the two.
  public Moment end() {
    return durable.at().isAfter(lastEnd.at()) ? durable : lastEnd;
  }

  /// From emit to start, in milliseconds, of the events with these numbers that were started.
  public double[] latencyMillis(int from, int to) {
    return IntStream.range(from, to)
        .filter(i -> startedAtNanos[i] > 0)
        .mapToDouble(i -> (startedAtNanos[i] - emittedAtNanos[i]) / 1e6)
        .sorted()
        .toArray();
  }
}
