package dev.nightshift.common.dead;

/// What became of a dead letter.
public enum LetterState {
  /// Nothing yet.
  OPEN,
  /// Its event was emitted again.
  REDRIVEN,
  /// Somebody decided that it is not to be run.
  DISCARDED;

  /// As people and programs read it: `open`, `redriven`, `discarded`.
  public String label() {
    return switch (this) {
      case OPEN -> "open";
      case REDRIVEN -> "redriven";
      case DISCARDED -> "discarded";
    };
  }
}
