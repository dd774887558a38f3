package dev.nightshift.common.cron;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// How far a cron's ticks were computed. Immutable.
///
/// @param lastTick the last one that was emitted or skipped
/// @param lastEmitted the last one that was emitted
/// @param skipped the last one that was skipped
public record CronState(
    Optional<Instant> lastTick, Optional<Instant> lastEmitted, Optional<Skipped> skipped) {
  /// Of a cron that has not ticked yet.
  public static final CronState NONE =
      new CronState(Optional.empty(), Optional.empty(), Optional.empty());

  /// A tick that was not emitted, and why.
  public record Skipped(Instant tick, Why why) {
    /// As a sentence: `2026-01-02T03:04:05Z: no scheduler ran when it was due`.
    public String text() {
      return tick + ": " + why.text();
    }
  }

  /// Why a tick was not emitted.
  public enum Why {
    /// Nobody was there to emit it.
    MISSED("no scheduler ran when it was due"),
    /// The event of the tick before had not ended.
    OVERLAP("the event before it had not ended"),
    /// Its event was not stored, nor would it ever be.
    REFUSED("Kafka does not take its event; see the limits of the canvas's topic");

    private final String text;

    Why(String text) {
      this.text = text;
    }

    /// In words.
    public String text() {
      return text;
    }

    /// For programs: `missed`, `overlap`, `refused`.
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
