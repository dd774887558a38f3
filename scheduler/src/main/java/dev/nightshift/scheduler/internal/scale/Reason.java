package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.Durations;
import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Says in words why so many workers are wanted. Immutable.
///
/// @param state with what came and was learned from this load
record Reason(Load load, ScaleBounds bounds, Duration coolDown, ScaleState state) {
  /// More are wanted.
  ///
  /// @param needed would be done in time
  /// @param to how many are wanted
  /// @param sure whether it is known what one drains
  String raised(int needed, int to, boolean sure) {
    if (!load.isBehind()) {
      return said(toRun() + " wants one"); // There was none.
    }
    if (!sure && load.crew().workers() == 0) {
      return said("what one drains is not known yet, " + to + " for now");
    }
    return said(
        sure
            ? inTime(needed) + but(needed, to)
            : "too little is known of what one drains, " + to + " for now");
  }

  private String toRun() {
    if (load.waiting() > 0 || load.arrivals() > 0) {
      return "what comes";
    }
    return load.crew().running() > 0
        ? "what was left behind by a worker that is gone"
        : load.later() ? "what is to be tried again soon" : "what waits for a limit";
  }

  /// More or fewer are wanted than before, as somebody has set other bounds.
  String bounded(int before, int to) {
    return said(before < to ? "the minimum is " + to + " now" : "the maximum is " + to + " now");
  }

  /// As many as before.
  ///
  /// @param nearlyMet whether more are needed, but so few that it is not worth another
  String same(int needed, int wanted, boolean nearlyMet) {
    if (nearlyMet) {
      return said(inTime(needed) + ", but so little more is not worth another");
    }
    if (needed > wanted) {
      boolean capped = wanted == bounds.max() || wanted >= load.partitions();
      return said(
          capped
              ? inTime(needed) + but(needed, wanted)
              : "too little is known of what one drains to want more yet");
    }
    int holding = ScaleRule.holding(load.crew());
    return said(
        load.waiting() == 0 && holding == wanted && holding > 1
            ? wanted + " are needed to hold the " + count(load.crew().running()) + " that run"
            : because() + enough(wanted));
  }

  private String enough(int wanted) {
    return wanted == bounds.min()
        ? "the minimum of " + wanted + " is enough"
        : wanted + (wanted == 1 ? " is enough" : " are enough");
  }

  // Why that is enough though something waits, or more comes than ends.
  private String because() {
    if (!load.isBehind()) {
      return load.waiting() > 0
          ? "what waits is about to start, "
          : load.arrivals() > load.drained() ? "what arrives starts at once, " : "";
    }
    double sustained = state.sustained();
    return load.arrivals() > load.drained() && state.perWorker().isPresent()
        ? "a worker that is busy drains "
            + rate(state.perWorker().getAsDouble())
            + (sustained < load.arrivals()
                ? " and no more than " + rate(sustained) + " kept coming"
                : "")
            + ", "
        : "";
  }

  /// Fewer will be wanted.
  String soon(int fewer) {
    return said(
        because()
            + (fewer == 0 ? "none" : fewer)
            + " would be enough, and fewer are wanted once that has been so for "
            + Durations.text(coolDown));
  }

  /// Fewer are wanted.
  String lowered(int to) {
    String enough =
        to == 0 ? "none was needed" : to + (to == 1 ? " has" : " have") + " been enough";
    return said(enough + " for " + Durations.text(coolDown));
  }

  private String inTime(int needed) {
    return needed == Integer.MAX_VALUE
        ? "nothing was seen to end yet"
        : count(needed) + " would be done within " + Durations.text(bounds.target());
  }

  private String but(int needed, int to) {
    if (needed <= to) {
      return "";
    }
    return to == bounds.max()
        ? ", but the maximum is " + to
        : ", but only " + partitions() + " something to run";
  }

  private String partitions() {
    return load.partitions() == 1 ? "1 partition has" : load.partitions() + " partitions have";
  }

  private String said(String verdict) {
    return facts() + ": " + verdict + limited();
  }

  // Of many queues only the one is named that most waits of.
  private String limited() {
    List<LimitedQueue> waiting =
        load.limited().stream()
            .filter(each -> each.waiting() > 0)
            .sorted(Comparator.comparingLong(LimitedQueue::waiting).reversed())
            .toList();
    if (waiting.isEmpty()) {
      return "";
    }
    LimitedQueue first = waiting.getFirst();
    long all = waiting.stream().mapToLong(LimitedQueue::waiting).sum();
    int others = waiting.size() - 1;
    return "; "
        + count(all)
        + (load.waiting() == 0 ? "" : " more")
        + (all == 1 ? " waits" : " wait")
        + " for the limit of "
        + first.queue()
        + " ("
        + first.limit()
        + ")"
        + (others == 0
            ? ""
            : " and those of " + others + (others == 1 ? " other queue" : " other queues"))
        + ", which more workers do not raise";
  }

  private String facts() {
    String comes =
        load.waiting() == 0 && load.arrivals() == 0
            ? "nothing waits or arrives"
            : waiting(load.waiting()) + " and " + rate(load.arrivals()) + " arrive";
    int workers = load.crew().workers();
    if (workers == 0) {
      return comes + "; no worker runs";
    }
    return comes
        + "; "
        + count(workers)
        + (workers == 1 ? " worker drains " : " workers drain ")
        + rate(load.drained());
  }

  static String waiting(long waiting) {
    return waiting == 0 ? "nothing waits" : count(waiting) + (waiting == 1 ? " waits" : " wait");
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String rate(double perSecond) {
    if (perSecond == 0) {
      return "0/s";
    }
    return perSecond < 0.05
        ? "less than 0.1/s"
        : String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f/s" : "%,.0f/s", perSecond);
  }
}
