package dev.nightshift.cli.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// An input that may have nothing to read for long, such as a pipe, read so that who waits for it
/// can stop, or be interrupted: it then throws an [InterruptedIOException], as the input has not
/// ended. A daemon thread `nightshift-input` reads it and hands over up to four pieces ahead; all
/// else is for one thread.
final class StandardInput extends InputStream {
  private static final int PIECE_BYTES = 64 << 10;
  private static final int PIECES_AHEAD = 4;
  private static final long WAIT_MILLIS = 50;

  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES_AHEAD);
  private final BooleanSupplier stop;
  private Piece current = new Piece(new byte[0], null);
  private int next;
  private boolean ended;

  /// What was read; nothing at the end.
  private record Piece(byte[] bytes, @Nullable IOException failure) {}

  /// @param stop asked while there is nothing to read; the input then ends
  StandardInput(InputStream from, BooleanSupplier stop) {
    this.stop = stop;
    Thread reader = new Thread(() -> read(from), "nightshift-input");
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream from) {
    try {
      Piece piece;
      do {
        piece = piece(from);
        pieces.put(piece);
      } while (piece.bytes().length > 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Piece piece(InputStream from) {
    byte[] bytes = new byte[PIECE_BYTES];
    try {
      int read = from.read(bytes);
      return new Piece(
          read == bytes.length ? bytes : Arrays.copyOf(bytes, Math.max(0, read)), null);
    } catch (IOException e) {
      return new Piece(new byte[0], e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (next == current.bytes().length && (ended || !advance())) {
      ended = true;
      return -1;
    }
    int given = Math.min(length, current.bytes().length - next);
    System.arraycopy(current.bytes(), next, bytes, from, given);
    next += given;
    return given;
  }

  private boolean advance() throws IOException {
    Piece piece = null;
    try {
      while (piece == null && !stop.getAsBoolean()) {
        piece = pieces.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the thread that reads it was interrupted");
    }
    if (piece == null) {
      return false;
    }
    IOException failure = piece.failure();
    if (failure != null) {
      throw failure;
    }
    current = piece;
    next = 0;
    return piece.bytes().length > 0;
  }
}
