package dev.nightshift.common.cron;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;

/// Ticks at local times of a zone. Where its clocks are set:
/// - times of certain hours tick once: in a repeated hour the first time, instead of a time that is
///   skipped at the first instant after it, and once for all that are skipped;
/// - times of every hour tick whenever the clock shows them: in a repeated hour twice, in a skipped
///   one not at all, so that elapsed time stays the same.
///
/// @param times the local times
/// @param rules when the zone's clocks are set
record LocalTicks(CronExpression times, ZoneRules rules) implements Ticks {
  /// In which the last tick before an instant is looked for: the shortest in which there is one has
  /// few.
  private static final List<Duration> REACHES =
      List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(32), Duration.ofDays(367));

  @Override
  public Optional<Instant> after(Instant instant) {
    return times.ofEveryHour() ? shownAfter(instant) : onceAfter(instant);
  }

  // A later local time is never mapped to an earlier instant, so the first one that is mapped to an
  // instant after the given one is the next.
  private Optional<Instant> onceAfter(Instant instant) {
    Optional<LocalDateTime> local = times.after(local(instant, rules.getOffset(instant)));
    while (local.isPresent() && !onlyInstantOf(local.get()).isAfter(instant)) {
      local = times.after(local.get());
    }
    return local.map(this::onlyInstantOf);
  }

  private Instant onlyInstantOf(LocalDateTime local) {
    ZoneOffsetTransition transition = rules.getTransition(local);
    return transition != null && transition.isGap()
        ? transition.getInstant()
        : local.toInstant(rules.getOffset(local)); // of two offsets it is the first
  }

  private Optional<Instant> shownAfter(Instant instant) {
    Instant from = instant;
    LocalDateTime local = local(from, rules.getOffset(from));
    while (true) {
      Optional<LocalDateTime> next = times.after(local);
      ZoneOffset offset = rules.getOffset(from);
      Optional<Instant> tick = next.map(shown -> shown.toInstant(offset));
      ZoneOffsetTransition transition = rules.nextTransition(from);
      if (tick.isEmpty() || transition == null || tick.get().isBefore(transition.getInstant())) {
        return tick;
      }
      from = transition.getInstant();
      local = transition.getDateTimeAfter().minusNanos(1);
    }
  }

  private static LocalDateTime local(Instant instant, ZoneOffset offset) {
    return LocalDateTime.ofInstant(instant, offset);
  }

  @Override
  public Optional<Instant> latest(Instant after, Instant to) {
    for (Duration reach : REACHES) {
      Instant start = to.minus(reach);
      Optional<Instant> last = lastOf(start.isAfter(after) ? start : after, to);
      if (last.isPresent() || !start.isAfter(after)) {
        return last;
      }
    }
    return lastOf(after, to);
  }

  private Optional<Instant> lastOf(Instant after, Instant to) {
    Optional<Instant> last = Optional.empty();
    Optional<Instant> next = after(after);
    while (next.isPresent() && !next.get().isAfter(to)) {
      last = next;
      next = after(next.get());
    }
    return last;
  }
}
