package dev.nightshift.common.cron;

import java.time.Instant;

/// That a cron emits nothing until it is resumed. Immutable.
///
/// @param reason in the actor's words; may be empty
public record CronPause(String actor, Instant at, String reason) {
  /// As a sentence's end: `paused by ada since 2026-01-02T03:04:05Z: too many`.
  public String text() {
    return "paused by " + actor + " since " + at + (reason.isEmpty() ? "" : ": " + reason);
  }
}
