package dev.nightshift.bench.stage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// What lives in a process's heap after a full collection, asked of the JDK's `jcmd`.
public final class LiveHeap {
  private LiveHeap() {}

  /// In bytes. The process stands still meanwhile.
  public static long bytes(long pid) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    try {
      Process process =
          new ProcessBuilder(jcmd, Long.toString(pid), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String last = "";
      try (BufferedReader out = process.inputReader()) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          last = line.isBlank() ? last : line;
        }
      }
      // Total     1234567      98765432
      String[] words = last.strip().split("\\s+", -1);
      if (words.length != 3 || !words[0].equals("Total")) {
        throw new IllegalStateException("jcmd GC.class_histogram ended with '" + last + "'");
      }
      return Long.parseLong(words[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
