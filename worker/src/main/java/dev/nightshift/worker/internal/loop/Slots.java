package dev.nightshift.worker.internal.loop;

import java.util.HashMap;
import java.util.Map;

/// How many handlers run, for whom, and who may start one more. Owned by the loop's thread. Pure.
///
/// While canvases wait for each other, none gets more than half of the slots. A canvas that is
/// alone may take more, but always leaves a part of what the others do not use: a newcomer finds a
/// free slot at once, however long the handlers of the first take.
final class Slots {
  /// What one canvas leaves: one in so many of the slots that the others do not use.
  private static final int LEFT_ONE_IN = 32;

  private final int total;
  private final Map<String, Integer> running = new HashMap<>();
  private int used;

  Slots(int total) {
    this.total = total;
  }

  int used() {
    return used;
  }

  int free() {
    return Math.max(0, total - used);
  }

  /// Whether `canvas` may start one more.
  ///
  /// @param othersWait whether another canvas has an event waiting
  boolean mayStart(String canvas, boolean othersWait) {
    if (free() == 0) {
      return false;
    }
    int own = running.getOrDefault(canvas, 0);
    int notOthers = total - (used - own);
    int alone = notOthers - Math.max(1, notOthers / LEFT_ONE_IN);
    int most = othersWait ? Math.min(alone, total / 2) : alone;
    return own < Math.max(1, most);
  }

  void started(String canvas) {
    running.merge(canvas, 1, Integer::sum);
    used++;
  }

  void ended(String canvas) {
    running.compute(canvas, (name, count) -> count == null || count <= 1 ? null : count - 1);
    used--;
  }
}
