package dev.nightshift.common.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Ticks at equal distances of elapsed time, counted from [#ANCHOR]. Clocks that are set forward or
/// back by daylight saving do not matter.
///
/// @param every whole milliseconds, at least one
record ElapsedTicks(Duration every) implements Ticks {
  /// A Monday, so that weeks begin with one.
  static final Instant ANCHOR = Instant.parse("1970-01-05T00:00:00Z");

  @Override
  public Optional<Instant> after(Instant instant) {
    return Optional.of(tick(count(instant) + 1));
  }

  @Override
  public Optional<Instant> latest(Instant after, Instant to) {
    Instant last = tick(count(to));
    return last.isAfter(after) ? Optional.of(last) : Optional.empty();
  }

  private long count(Instant instant) {
    return Math.floorDiv(instant.toEpochMilli() - ANCHOR.toEpochMilli(), every.toMillis());
  }

  private Instant tick(long count) {
    return ANCHOR.plusMillis(Math.multiplyExact(count, every.toMillis()));
  }
}
