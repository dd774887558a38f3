package dev.nightshift.emitter;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// When an event is to be emitted, if not at once. Immutable.
public sealed interface Due {
  /// How far ahead it may be.
  Duration AHEAD_MAX = Duration.ofDays(366);

  /// So much later than it is given to an emitter.
  ///
  /// @param delay zero is at once
  record After(Duration delay) implements Due {}

  /// At this time.
  ///
  /// @param instant one that has passed is at once
  record At(Instant instant) implements Due {}

  /// What is wrong with it; empty if it is allowed.
  default Optional<String> problem(Instant now) {
    if (this instanceof After after
        && (after.delay().isNegative() || after.delay().compareTo(AHEAD_MAX) > 0)) {
      return Optional.of(
          "a delay of "
              + Durations.text(after.delay())
              + " is not allowed: from 0s to "
              + Durations.text(AHEAD_MAX));
    }
    if (this instanceof At at && at.instant().isAfter(now.plus(AHEAD_MAX))) {
      return Optional.of(
          "an event due at "
              + at.instant()
              + " is not allowed: at most "
              + AHEAD_MAX.toDays()
              + " days ahead, until "
              + now.plus(AHEAD_MAX).truncatedTo(ChronoUnit.SECONDS));
    }
    return Optional.empty();
  }

  /// When it is due; empty if that is at once.
  ///
  /// @param now when it is given to an emitter
  default Optional<Instant> later(Instant now) {
    Instant due = this instanceof After after ? now.plus(after.delay()) : ((At) this).instant();
    return due.isAfter(now) ? Optional.of(due) : Optional.empty();
  }
}
