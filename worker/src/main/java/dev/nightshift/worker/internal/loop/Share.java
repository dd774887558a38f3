package dev.nightshift.worker.internal.loop;

import java.util.HashMap;
import java.util.Map;

/// How much of something is in use, by which canvas, and who may use more. Owned by the loop's
/// thread. Pure.
///
/// While canvases wait for each other, none gets more than half. A canvas that is alone may take
/// more, but always leaves a part of what the others do not use: a newcomer finds something free at
/// once, however long the first one keeps what it has.
final class Share {
  /// What one canvas leaves: one in so many of what the others do not use.
  private static final long LEFT_ONE_IN = 32;

  private final long total;
  private final Map<String, Long> inUse = new HashMap<>();
  private long used;

  Share(long total) {
    this.total = total;
  }

  long used() {
    return used;
  }

  long free() {
    return Math.max(0, total - used);
  }

  /// Whether `canvas` may take more; one that has nothing may, however much that is.
  ///
  /// @param othersWait whether another canvas has an event waiting
  boolean mayTake(String canvas, boolean othersWait) {
    if (free() == 0) {
      return false;
    }
    long own = inUse.getOrDefault(canvas, 0L);
    long notOthers = total - (used - own);
    long alone = notOthers - Math.max(1, notOthers / LEFT_ONE_IN);
    long most = othersWait ? Math.min(alone, total / 2) : alone;
    return own < Math.max(1, most);
  }

  void take(String canvas, long amount) {
    inUse.merge(canvas, amount, Long::sum);
    used += amount;
  }

  void giveBack(String canvas, long amount) {
    inUse.computeIfPresent(canvas, (name, own) -> own <= amount ? null : own - amount);
    used -= amount;
  }
}
