package dev.nightshift.cli.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/// The lines of an input, each the payload of an event. Lines of nothing but spaces are passed
/// over, a byte order mark at the start too; a line that is too long is not kept in memory. For one
/// thread.
final class PayloadLines implements AutoCloseable {
  private static final int BUFFER_BYTES = 128 << 10;
  private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream input;
  private final int bytesMax;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private int from;
  private int to;
  private long number;

  /// @param bytesMax the longest line that is given out, in bytes
  PayloadLines(InputStream input, int bytesMax) {
    this.input = input;
    this.bytesMax = bytesMax;
  }

  /// One line.
  ///
  /// @param number from 1
  /// @param bytes without its end; nothing if it is too long
  /// @param length of the whole line, in bytes
  record Line(long number, byte[] bytes, long length) {
    boolean tooLong() {
      return length > bytes.length;
    }
  }

  /// The next line; empty at the end.
  Optional<Line> next() throws IOException {
    while (true) {
      Optional<Line> line = nextOfAny();
      if (line.isEmpty() || line.get().tooLong() || !blank(line.get().bytes())) {
        return line;
      }
    }
  }

  /// The number of the last line that was read, those that were passed over too; 0 before.
  long number() {
    return number;
  }

  private Optional<Line> nextOfAny() throws IOException {
    begun.reset();
    long length = 0;
    boolean carriageReturn = false;
    while (from < to || fill()) {
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      int start = from;
      boolean whole = end < to;
      carriageReturn = end > start ? buffer[end - 1] == '\r' : carriageReturn;
      from = whole ? end + 1 : to;
      if (whole && length == 0) {
        return Optional.of(
            line(Arrays.copyOfRange(buffer, start, end), end - start, carriageReturn));
      }
      length += end - start;
      if (length <= bytesMax + 1L + MARK.length) {
        begun.write(buffer, start, end - start);
      }
      if (whole) {
        return Optional.of(line(begun.toByteArray(), length, carriageReturn));
      }
    }
    return length == 0
        ? Optional.empty()
        : Optional.of(line(begun.toByteArray(), length, carriageReturn));
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, input.read(buffer));
    return to > 0;
  }

  private Line line(byte[] read, long length, boolean carriageReturn) {
    number++;
    boolean marked = number == 1 && Arrays.equals(Arrays.copyOf(read, MARK.length), MARK);
    int start = marked ? MARK.length : 0;
    long left = length - start - (carriageReturn ? 1 : 0);
    if (left > bytesMax) {
      return new Line(number, new byte[0], left);
    }
    boolean all = start == 0 && left == read.length;
    byte[] bytes = all ? read : Arrays.copyOfRange(read, start, start + (int) left);
    return new Line(number, bytes, left);
  }

  private static boolean blank(byte[] bytes) {
    for (byte each : bytes) {
      if (each != ' ' && each != '\t' && each != '\r') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
