package dev.nightshift.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;

/// What a command printed, and its exit code.
record Said(int exitCode, String out, String err) {
  /// Runs a command in this JVM with something to read; not for use by two threads at once.
  static Said reading(InputStream input, String... arguments) {
    InputStream before = System.in;
    try {
      System.setIn(input);
      return by(arguments);
    } finally {
      System.setIn(before);
    }
  }

  /// Runs a command in this JVM; not for use by two threads at once.
  static Said by(String... arguments) {
    PrintStream outBefore = System.out;
    PrintStream errBefore = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try (PrintStream newOut = new PrintStream(out, true, UTF_8);
        PrintStream newErr = new PrintStream(err, true, UTF_8)) {
      System.setOut(newOut);
      System.setErr(newErr);
      int exitCode = Main.run(arguments);
      return new Said(exitCode, out.toString(UTF_8), err.toString(UTF_8));
    } finally {
      System.setOut(outBefore);
      System.setErr(errBefore);
    }
  }
}
