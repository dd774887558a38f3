package dev.nightshift.worker.internal.loop;

import java.util.HashMap;
import java.util.Map;

/// How much of something is in use, by which canvas and queue, and who may use more. Owned by the
/// loop's thread. Pure.
///
/// While canvases wait for each other, none gets more than half. A canvas that is alone may take
/// more, but always leaves a part of what the others do not use: a newcomer finds something free at
/// once, however long the first one keeps what it has. Where there is little, less than 32, it
/// leaves nothing: who has few slots wants all of them used. So it is within a canvas with its
/// queues.
final class Share {
  /// What one leaves: one in so many of what the others do not use.
  private static final long LEFT_ONE_IN = 32;

  private long total;
  private final Map<String, Use> canvases = new HashMap<>();
  private long used;

  private static final class Use {
    final Map<String, Amount> queues = new HashMap<>();
    long all;

    long of(String queue) {
      Amount own = queues.get(queue);
      return own == null ? 0 : own.used;
    }
  }

  private static final class Amount {
    long used;
  }

  /// Who else has an event waiting.
  ///
  /// @param canvases whether another canvas has
  /// @param queues whether another queue of the same canvas has
  record Others(boolean canvases, boolean queues) {}

  Share(long total) {
    this.total = total;
  }

  /// From now on there is as much. What is in use beyond it stays so until it is given back.
  void total(long now) {
    total = now;
  }

  long used() {
    return used;
  }

  long free() {
    return Math.max(0, total - used);
  }

  /// Whether a canvas may take more for one of its queues; who has nothing may, however much that
  /// is.
  boolean mayTake(String canvas, String queue, Others others) {
    if (free() == 0) {
      return false;
    }
    Use use = canvases.get(canvas);
    if (use == null) {
      return true;
    }
    long notOthers = total - (used - use.all);
    long leaves = total < LEFT_ONE_IN ? 0 : Math.max(1, notOthers / LEFT_ONE_IN);
    long most = most(total, notOthers, leaves, others.canvases());
    if (use.all >= most) {
      return false;
    }
    long notOtherQueues = most - (use.all - use.of(queue));
    long left = notOtherQueues / LEFT_ONE_IN;
    return use.of(queue) < most(most, notOtherQueues, left, others.queues());
  }

  private static long most(long total, long notOthers, long left, boolean othersWait) {
    long alone = notOthers - left;
    return Math.max(1, othersWait ? Math.min(alone, total / 2) : alone);
  }

  void take(String canvas, String queue, long amount) {
    Use use = canvases.computeIfAbsent(canvas, name -> new Use());
    use.queues.computeIfAbsent(queue, name -> new Amount()).used += amount;
    use.all += amount;
    used += amount;
  }

  void giveBack(String canvas, String queue, long amount) {
    used -= amount;
    Use use = canvases.get(canvas);
    if (use == null || use.all <= amount) {
      canvases.remove(canvas);
      return;
    }
    use.all -= amount;
    Amount own = use.queues.get(queue);
    if (own != null) {
      own.used -= amount;
      if (own.used <= 0) {
        use.queues.remove(queue);
      }
    }
  }
}
