package dev.nightshift.scenarios;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// One line that a handler noted: `start ID ATTEMPT WORKER MILLIS`, or `end …`.
record Note(String what, String id, int attempt, String worker, Instant at) {
  static Note parse(String line) {
    String[] words = line.split(" ");
    return new Note(
        words[0],
        words[1],
        Integer.parseInt(words[2]),
        words[3],
        Instant.ofEpochMilli(Long.parseLong(words[4])));
  }

  /// All that was noted in a folder, in the order of its writing.
  static List<Note> all(Path folder) {
    Path file = folder.resolve("notes");
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Note::parse).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isStart() {
    return what.equals("start");
  }
}
