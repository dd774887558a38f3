package dev.nightshift.worker.internal.loop;

/// How much of something is in use, and who may use more. Owned by the loop's thread. Pure.
///
/// While canvases wait for each other, none gets more than half. A canvas that is alone may take
/// more, but always leaves a part of what the others do not use: a newcomer finds something free at
/// once, however long the first one keeps what it has, and mostly so does the one after it. Where
/// there is little, less than 32, it leaves nothing: who has few slots wants all of them used. So
/// it is within a canvas with its queues.
final class Share {
  /// What one leaves: one in so many of what the others do not use.
  private static final long LEFT_ONE_IN = 32;

  private final long leftMax;
  private long total;
  private long used;

  /// Who else has an event waiting.
  ///
  /// @param canvases whether another canvas has
  /// @param queues whether another queue of the same canvas has
  record Others(boolean canvases, boolean queues) {}

  /// @param leftMax what one leaves at most
  Share(long total, long leftMax) {
    this.total = total;
    this.leftMax = leftMax;
  }

  /// From now on there is as much. What is in use beyond it stays so until it is given back.
  void total(long now) {
    total = now;
  }

  long used() {
    return used;
  }

  /// As much more is in use; less, if it is negative.
  void use(long more) {
    used += more;
  }

  long free() {
    return Math.max(0, total - used);
  }

  /// Whether a canvas may take more for one of its queues; who has nothing may, however much that
  /// is, if anything is free.
  ///
  /// @param canvas what the canvas uses
  /// @param queue what its queue uses of that
  boolean mayTake(long canvas, long queue, Others others) {
    if (free() == 0) {
      return false;
    }
    long notOthers = total - (used - canvas);
    long left = total < LEFT_ONE_IN ? 0 : Math.max(1, left(notOthers));
    long most = most(total, notOthers, left, others.canvases());
    if (canvas >= most) {
      return false;
    }
    long notOtherQueues = most - (canvas - queue);
    return queue < most(most, notOtherQueues, left(notOtherQueues), others.queues());
  }

  private long left(long notOthers) {
    return Math.min(leftMax, notOthers / LEFT_ONE_IN);
  }

  private static long most(long total, long notOthers, long left, boolean othersWait) {
    long alone = notOthers - left;
    return Math.max(1, othersWait ? Math.min(alone, total / 2) : alone);
  }
}
