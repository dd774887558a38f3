package dev.nightshift.common.cron;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is to be emitted of a cron now, and what is true after it. Immutable and pure: who stores
/// the events and the state together, or neither, emits each tick once, however often it is stopped
/// in between.
///
/// @param ticks to be emitted, in their order; at most [#TICKS_MAX]
/// @param state to be stored with their events; what it was before if nothing is to be done
/// @param next when to look again, which may be at once; empty if there is nothing to look for
///   until the cron is changed
public record CronPlan(List<Instant> ticks, CronState state, Optional<Instant> next) {
  /// A tick that is later than this is a missed one. Until then it is emitted, whatever is said of
  /// missed ones: another scheduler takes over within it.
  public static final Duration LATE = Duration.ofMinutes(1);

  /// The most ticks of one plan.
  public static final int TICKS_MAX = 1_000;

  /// Makes a plan.
  ///
  /// @param state what was stored last
  /// @param running whether the event of the tick that was emitted last has not ended; only looked
  ///   at if such ticks are to be skipped
  public static CronPlan of(Cron cron, CronState state, Instant now, boolean running) {
    return of(cron, state, now, running, TICKS_MAX);
  }

  /// Makes a plan of fewer ticks.
  ///
  /// @param most at least one
  public static CronPlan of(Cron cron, CronState state, Instant now, boolean running, int most) {
    if (cron.pause().isPresent()) {
      return new CronPlan(List.of(), state, Optional.empty());
    }
    Instant from = state.lastTick().filter(last -> last.isAfter(cron.since())).orElse(cron.since());
    Optional<Instant> first = cron.settings().schedule().after(from);
    return first.filter(tick -> !tick.isAfter(now)).isPresent()
        ? new Due(cron, state, now, most).plan(from, running)
        : new CronPlan(List.of(), state, first);
  }

  /// The same without events: Kafka will never take them.
  ///
  /// @param before what was stored last
  public CronPlan withoutEvents(CronState before) {
    Optional<CronState.Skipped> skipped =
        ticks.isEmpty()
            ? state.skipped()
            : Optional.of(
                new CronState.Skipped(ticks.get(ticks.size() - 1), CronState.Why.REFUSED));
    return new CronPlan(
        List.of(), new CronState(state.lastTick(), before.lastEmitted(), skipped), next);
  }

  /// What is due of a cron. Used once, by one thread.
  private static final class Due {
    private final CronSettings settings;
    private final CronState before;
    private final Instant now;
    private final int most;
    private final List<Instant> ticks = new ArrayList<>();
    private Optional<CronState.Skipped> skipped;

    Due(Cron cron, CronState before, Instant now, int most) {
      this.settings = cron.settings();
      this.before = before;
      this.now = now;
      this.most = most;
      this.skipped = before.skipped();
    }

    CronPlan plan(Instant from, boolean running) {
      Instant last = settings.missed() == Missed.ALL ? from : passMissed(from);
      Optional<Instant> next = settings.schedule().after(last);
      while (next.filter(tick -> !tick.isAfter(now)).isPresent() && ticks.size() < most) {
        last = next.get();
        ticks.add(last);
        next = settings.schedule().after(last);
      }
      if (settings.overlap() == Overlap.SKIP) {
        leaveOneAtMost(running);
      }
      Optional<Instant> emitted =
          ticks.isEmpty() ? before.lastEmitted() : Optional.of(ticks.get(ticks.size() - 1));
      return new CronPlan(
          List.copyOf(ticks), new CronState(Optional.of(last), emitted, skipped), next);
    }

    /// @return the last missed tick, or where to begin if there is none
    private Instant passMissed(Instant from) {
      Optional<Instant> missed = settings.schedule().latest(from, now.minus(LATE).minusNanos(1));
      if (missed.isEmpty()) {
        return from;
      }
      Instant last = missed.get();
      Optional<Instant> passed = missed;
      if (settings.missed() == Missed.ONCE) {
        ticks.add(last);
        passed = settings.schedule().latest(from, last.minusNanos(1));
      }
      passed.ifPresent(tick -> skip(tick, CronState.Why.MISSED));
      return last;
    }

    // Of ticks that are emitted at the same time each but the first would overlap; the last is the
    // one that is asked for by now.
    private void leaveOneAtMost(boolean running) {
      int left = running ? 0 : 1;
      while (ticks.size() > left) {
        Instant tick = ticks.remove(Math.max(0, ticks.size() - 1 - left));
        if (skipped.map(before -> tick.isAfter(before.tick())).orElse(true)) {
          skip(tick, CronState.Why.OVERLAP);
        }
      }
    }

    private void skip(Instant tick, CronState.Why why) {
      skipped = Optional.of(new CronState.Skipped(tick, why));
    }
  }
}
