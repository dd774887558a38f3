package dev.nightshift.common;

import java.util.Locale;

/// What stops a queue's starts. The two are independent: a queue starts again when neither is left.
public enum FlagKind {
  /// Set and lifted by a queue's owners.
  PAUSE,
  /// Set and lifted by admins.
  BLOCK;

  /// The word for the state of a queue: `paused` or `blocked`.
  public String state() {
    return name().toLowerCase(Locale.ROOT) + (this == PAUSE ? "d" : "ed");
  }
}
