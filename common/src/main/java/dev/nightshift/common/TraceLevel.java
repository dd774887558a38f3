package dev.nightshift.common;

import java.util.Locale;

/// Which attempts leave a trace once their handler has come to its end. What ends, or is lost,
/// without its handler having a say always does, and so does a handler that emitted: its trace goes
/// with what it emitted.
public enum TraceLevel {
  /// Each.
  ON,
  /// Those that did not complete: the handler threw or ran out of time.
  ERRORS,
  /// None.
  OFF;

  /// Whether an attempt leaves one.
  ///
  /// @param completed whether its handler returned
  public boolean keeps(boolean completed) {
    return switch (this) {
      case ON -> true;
      case ERRORS -> !completed;
      case OFF -> false;
    };
  }

  /// The level that people name so: `on`, `errors` or `off`.
  ///
  /// @throws IllegalArgumentException if there is none; the message says what there is
  public static TraceLevel named(String name) {
    for (TraceLevel level : values()) {
      if (level.toString().equals(name)) {
        return level;
      }
    }
    throw new IllegalArgumentException(
        "traces " + Names.quoted(name) + " are not allowed: on, errors or off");
  }

  /// As people name it.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
