package dev.nightshift.scenarios;

import java.time.Instant;

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

  boolean isStart() {
    return what.equals("start");
  }
}
