package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;

/// How an event ends that is not emitted, or what else is to be done about its key. Immutable.
sealed interface Fate {
  /// Somebody does not want it any more.
  ///
  /// @param key its key
  record Cancelled(byte[] key, String actor) implements Fate {}

  /// Somebody wants an event cancelled that does not wait here.
  ///
  /// @param key its key
  record Gone(byte[] key) implements Fate {}

  /// Its canvas was deleted.
  record CanvasDeleted(String canvas, String reason) implements Fate {}

  /// It is no event.
  record Undecodable(String reason) implements Fate {}

  /// No topic takes it.
  record Refused(String canvas, String reason) implements Fate {}

  /// It waits, but an end that was written behind it is about its predecessor: a compaction would
  /// take it for ended, so it is written once more.
  record Rewritten(KeyHash key) implements Fate {}

  /// Whether it goes to the dead letters.
  default boolean hasLetter() {
    return this instanceof Undecodable || this instanceof Refused;
  }
}
