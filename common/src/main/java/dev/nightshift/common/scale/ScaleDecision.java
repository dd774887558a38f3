package dev.nightshift.common.scale;

import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.time.Instant;

/// How many workers a scheduler wants, and why. Immutable.
///
/// @param wanted within the bounds
/// @param running workers that ran then
/// @param reason in words
/// @param since from when on this number is wanted
/// @param scheduler the name of who decided
/// @param at when it said so last, by the broker's clock; it says so every few seconds
public record ScaleDecision(
    int wanted,
    int running,
    String reason,
    Instant since,
    ScaleBounds bounds,
    ScaleFigures figures,
    String scheduler,
    Instant at) {
  /// What was said before this is old: no scheduler has decided since. Another scheduler takes over
  /// in less.
  public static final Duration FRESH_MAX = Duration.ofSeconds(30);

  /// Whether a scheduler has decided lately.
  ///
  /// @param now by this machine's clock, which should not be wrong by more than a few seconds
  public boolean isFresh(Instant now) {
    return !at.plus(FRESH_MAX).isBefore(now);
  }
}
