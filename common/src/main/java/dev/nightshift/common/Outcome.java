package dev.nightshift.common;

import java.util.Locale;

/// How an attempt ended its event, or lost it. What traces, dead letters, commands and metrics call
/// it is [#label].
public enum Outcome {
  /// The handler returned.
  COMPLETED,
  /// The handler threw; still finished.
  ERRORED,
  /// The queue's time limit passed.
  TIMED_OUT,
  /// No handler of that name is known.
  NO_HANDLER,
  /// The canvas was deleted.
  CANVAS_DELETED,
  /// The last allowed attempt was lost.
  EXHAUSTED,
  /// The record is no event.
  UNDECODABLE,
  /// Cancelled before it started.
  CANCELLED,
  /// This attempt was lost, another follows.
  LOST;

  private final String label = name().toLowerCase(Locale.ROOT);

  /// As it stands in traces: lower case.
  public String label() {
    return label;
  }

  /// Whether a trace, or a dead letter, says so. A newer version may say what this one does not
  /// know.
  public boolean is(String label) {
    return this.label.equals(label);
  }
}
