package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Decides how many workers are wanted: as many as have done what waits within the target time,
/// judged by what a worker was seen to drain while it had enough to do. Up at once; down only to
/// what has been enough for a whole cool-down. Pure: no clock, no I/O.
///
/// What one worker drains is learned only in samples in which events waited throughout and the
/// workers stayed the same. Before it was learned, or if it is too long ago, the number is doubled
/// where events wait, and lowered by one where none do, which teaches it.
final class ScaleRule {
  /// Workers are kept as busy as this, so that the number does not change with every breath.
  private static final double BUSY = 0.8;

  /// Less than this too much is left to those that are there.
  private static final double TOLERANCE = 1.1;

  /// What was learned is believed so much more than what is seen now.
  private static final double LEARN_UP = 0.5;

  private static final double LEARN_DOWN = 0.3;

  /// Handlers may have changed since.
  private static final Duration LEARNED_MAX = Duration.ofMinutes(30);

  /// From fewer ends than this in a sample little is learned.
  private static final int ENDS_MIN = 10;

  /// By then workers that were asked for run, and show what they can do.
  private static final Duration DOUBLE_EVERY = Duration.ofSeconds(15);

  private final Duration coolDown;

  /// What was decided.
  ///
  /// @param state to be given to the next decision; holds the number
  /// @param reason in words
  record Verdict(ScaleState state, String reason) {}

  /// How many workers would be done in time.
  ///
  /// @param workers at least as many as are wanted where too little is known
  /// @param nearlyMet whether that is so little more than are wanted that it is not worth another
  private record Need(int workers, boolean nearlyMet) {}

  /// @param coolDown for so long fewer workers must have been enough before fewer are wanted
  ScaleRule(Duration coolDown) {
    this.coolDown = coolDown;
  }

  Verdict decide(ScaleState before, Load load, ScaleBounds bounds) {
    ScaleState state = learn(arrived(before, load), load);
    int was = clamp(state.wanted(), bounds);
    Reason reason = new Reason(load, bounds, coolDown, state);
    Need need = need(state, load, bounds, was);
    int fed = Math.max(1, load.partitions());
    int up = need.nearlyMet() ? was : clamp(Math.min(need.workers(), Math.max(fed, was)), bounds);
    if (up > was) {
      boolean sure = isSure(state, load);
      up = sure ? up : doubled(state, load, was, up);
      if (up > was) {
        String why = reason.raised(need.workers(), up, sure);
        return new Verdict(state.raised(up, load.nanos()), why);
      }
    }
    List<ScaleState.Enough> lately = lately(state, load, enough(state, load, bounds, was));
    int most = lately.stream().mapToInt(ScaleState.Enough::workers).max().orElse(was);
    int last = lately.getLast().workers();
    if (was == before.wanted() && most < was && hasCooledDown(state, load)) {
      return new Verdict(state.with(most, lately), reason.lowered(most));
    }
    return new Verdict(state.with(was, lately), unchanged(reason, before, was, last, need));
  }

  private static String unchanged(Reason reason, ScaleState before, int was, int last, Need need) {
    if (was != before.wanted()) {
      return reason.bounded(before.wanted(), was);
    }
    return last < was ? reason.soon(last) : reason.same(need.workers(), was, need.nearlyMet());
  }

  static int clamp(int workers, ScaleBounds bounds) {
    return Math.max(bounds.min(), Math.min(bounds.max(), workers));
  }

  // --- what is learned

  private ScaleState arrived(ScaleState state, Load load) {
    double weight = 1 - Math.exp(-2 * Load.seconds(load.elapsed()) / Load.seconds(coolDown));
    return state.arrived(load.arrivals(), weight);
  }

  private static ScaleState learn(ScaleState state, Load load) {
    Crew crew = load.crew();
    int busy = Math.min(crew.workers(), Math.max(1, load.partitions()));
    if (busy == 0) {
      return state;
    }
    double seen = load.drained() / busy;
    if (load.isBacklog() && crew.steady()) {
      double known = state.perWorker().orElse(seen);
      double learned = known + (seen > known ? LEARN_UP : LEARN_DOWN) * (seen - known);
      return state.measured(learned, load.nanos());
    }
    boolean more = state.perWorker().isPresent() && seen > state.perWorker().getAsDouble();
    return more ? state.atLeast(seen) : state;
  }

  private static boolean isSure(ScaleState state, Load load) {
    double perWorker = state.perWorker().orElse(0);
    return perWorker * Load.seconds(load.elapsed()) * Math.max(1, load.crew().workers())
        >= ENDS_MIN;
  }

  // --- up

  private static Need need(ScaleState state, Load load, ScaleBounds bounds, int was) {
    int some = load.isIdle() ? 0 : 1;
    if (!load.isBehind()) {
      return new Need(some, false);
    }
    double perSecond = demand(state.sustained(), load, bounds);
    double perWorker = state.perWorker().orElse(0);
    double workers = perWorker > 0 ? perSecond / perWorker : Integer.MAX_VALUE;
    boolean nearlyMet =
        ceil(workers) > was
            && workers <= was * TOLERANCE
            && load.oldest().compareTo(bounds.target()) < 0;
    return new Need(Math.max(some, ceil(workers)), nearlyMet);
  }

  // What has waited has so much less time left; but the last of a backlog is no reason to hurry.
  private static double demand(double arrivals, Load load, ScaleBounds bounds) {
    double target = Load.seconds(bounds.target());
    double left = Math.max(target - Load.seconds(load.oldest()), target / 4);
    return arrivals + load.takenByLimited() + load.waiting() / left;
  }

  private static int ceil(double workers) {
    return (int) Math.min(Integer.MAX_VALUE, Math.ceil(workers - 1e-9));
  }

  private static int doubled(ScaleState state, Load load, int was, int up) {
    int workers = load.crew().workers();
    boolean early = was > workers || load.nanos() - state.raisedNanos() < DOUBLE_EVERY.toNanos();
    return was > 0 && early ? was : Math.min(up, Math.max(1, 2 * workers));
  }

  // --- down

  /// With how many what arrives would be done and nobody would have to stop what runs.
  private int enough(ScaleState state, Load load, ScaleBounds bounds, int was) {
    if (load.isIdle() && state.sustained() == 0) {
      return clamp(0, bounds);
    }
    boolean known =
        state.perWorker().orElse(0) > 0
            && load.nanos() - state.measuredNanos() < LEARNED_MAX.toNanos();
    int workers =
        known
            ? ceil(demand(state.mean(), load, bounds) / state.perWorker().orElse(1) / BUSY)
            : load.isBehind() ? was : was - 1;
    int fed = Math.min(workers, Math.max(1, load.partitions()));
    return clamp(Math.max(1, Math.max(fed, holding(load.crew()))), bounds);
  }

  /// So many it takes to hold what runs.
  static int holding(Crew crew) {
    return crew.workers() == 0 || crew.slots() == 0
        ? 0
        : ceil((double) crew.running() * crew.workers() / crew.slots());
  }

  private List<ScaleState.Enough> lately(ScaleState state, Load load, int enough) {
    List<ScaleState.Enough> lately = new ArrayList<>();
    for (ScaleState.Enough each : state.enough()) {
      if (load.nanos() - each.nanos() < coolDown.toNanos()) {
        lately.add(each);
      }
    }
    lately.add(new ScaleState.Enough(load.nanos(), enough));
    return lately;
  }

  private boolean hasCooledDown(ScaleState state, Load load) {
    return load.nanos() - state.raisedNanos() >= coolDown.toNanos();
  }
}
