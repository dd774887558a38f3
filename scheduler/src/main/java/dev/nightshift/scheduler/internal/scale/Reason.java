package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.Durations;
import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Says in words why so many workers are wanted. Immutable.
record Reason(Load load, ScaleBounds bounds, Duration coolDown) {
  /// More are wanted.
  ///
  /// @param needed would be done in time
  /// @param to how many are wanted
  /// @param sure whether it is known what one drains
  String raised(int needed, int to, boolean sure) {
    if (!sure && load.crew().workers() == 0) {
      return said("what one drains is not known yet, " + to + " for now");
    }
    return said(
        sure
            ? inTime(needed) + but(needed, to)
            : "too little is known of what one drains, " + to + " for now");
  }

  /// As many as before.
  String same(int needed, int wanted) {
    if (load.isIdle()) {
      return said(wanted == bounds.min() ? minimum() : "that is enough");
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
            : wanted == bounds.min() ? minimum() : wanted + " are enough");
  }

  private String minimum() {
    return "the minimum of " + bounds.min() + " is enough";
  }

  /// Fewer will be wanted.
  String soon(int fewer) {
    return said(
        fewer
            + " would be enough, and fewer are wanted once that has been so for "
            + Durations.text(coolDown));
  }

  /// Fewer are wanted.
  String lowered(int to) {
    return said(to + (to == 1 ? " has" : " have") + " been enough for " + Durations.text(coolDown));
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
        + (all == 1 ? " more waits" : " more wait")
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
            : (load.waiting() == 0
                    ? "nothing waits"
                    : count(load.waiting()) + (load.waiting() == 1 ? " waits" : " wait"))
                + " and "
                + rate(load.arrivals())
                + " arrive";
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

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String rate(double perSecond) {
    return perSecond == 0
        ? "0/s"
        : String.format(Locale.ROOT, perSecond < 9.95 ? "%.1f/s" : "%,.0f/s", perSecond);
  }
}
