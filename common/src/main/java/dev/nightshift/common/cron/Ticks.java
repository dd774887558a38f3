package dev.nightshift.common.cron;

import java.time.Instant;
import java.util.Optional;

/// The instants at which a schedule ticks, in their order, without end or until an end. Immutable
/// and pure: whoever computes them gets the same.
sealed interface Ticks permits ElapsedTicks, LocalTicks {
  /// The first tick after an instant; empty if none comes any more.
  Optional<Instant> after(Instant instant);

  /// The last tick after one instant and up to another; empty if there is none between them.
  Optional<Instant> latest(Instant after, Instant to);
}
