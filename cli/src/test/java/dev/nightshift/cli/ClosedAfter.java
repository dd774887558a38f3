package dev.nightshift.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;

/// Standard output whose reader goes away, as `head` does.
final class ClosedAfter {
  private ClosedAfter() {}

  /// Runs a command whose output is closed after some lines.
  ///
  /// @return its exit code
  static int lines(int count, Supplier<Integer> command) {
    PrintStream before = System.out;
    try (PrintStream out = new PrintStream(new Closing(count), true)) {
      System.setOut(out);
      return command.get();
    } finally {
      System.setOut(before);
    }
  }

  private static final class Closing extends OutputStream {
    private int left;

    Closing(int lines) {
      this.left = lines;
    }

    @Override
    public void write(int b) throws IOException {
      if (left == 0) {
        throw new IOException("Broken pipe");
      }
      left -= b == '\n' ? 1 : 0;
    }
  }
}
