package dev.nightshift.worker;

import dev.nightshift.worker.events.WorkerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Sums up the attempts that were lost, by the worker they were lost with: one that is killed loses
/// all it ran, and a line for each would hide the rest of a log. For any thread.
final class LostAttempts {
  private static final class Sum {
    private long all;
    private long last;
  }

  private final Map<String, Sum> sums = new TreeMap<>();

  /// Notes one.
  ///
  /// @return whether it is the first since the last sum, so that somebody has to ask for the next
  synchronized boolean add(WorkerEvent.AttemptLost lost) {
    boolean first = sums.isEmpty();
    Sum sum = sums.computeIfAbsent(lost.writer(), writer -> new Sum());
    sum.all++;
    sum.last += lost.exhausted() ? 1 : 0;
    return first;
  }

  /// What was noted since the last time, a line for each worker.
  synchronized List<String> take() {
    List<String> lines = new ArrayList<>();
    sums.forEach((writer, sum) -> lines.add(line(writer, sum)));
    sums.clear();
    return lines;
  }

  private static String line(String writer, Sum sum) {
    String lost =
        String.format(
            Locale.ROOT,
            "%,d attempt%s lost with worker %s",
            sum.all,
            sum.all == 1 ? " was" : "s were",
            writer);
    if (sum.last == 0) {
      return lost + (sum.all == 1 ? " and is run again" : " and are run again");
    }
    return lost
        + String.format(
            Locale.ROOT, "; %,d of them had no attempt left, the rest is run again", sum.last);
  }
}
