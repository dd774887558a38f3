package dev.nightshift.common;

import java.time.Instant;

/// An event that killed the process that ran it, as far as that can be told: nothing else was
/// started in that process with it. Immutable.
///
/// @param generation of the canvas
/// @param attempt the one that was lost
/// @param worker what died; empty if it is not known
/// @param at when that was found, in whole microseconds
public record Killer(
    String canvas,
    int generation,
    String queue,
    String eventId,
    int attempt,
    String worker,
    Instant at)
    implements ControlFact.OfQueue {
  @Override
  public String key() {
    return "killer/" + canvas + "/" + generation + "/" + queue + "/" + eventId;
  }

  boolean isOf(Canvas owner, String name) {
    return isOf(owner) && queue.equals(name);
  }

  /// Whether both are the same loss, whoever found it.
  boolean isSameLoss(Killer other) {
    return key().equals(other.key()) && attempt == other.attempt;
  }
}
