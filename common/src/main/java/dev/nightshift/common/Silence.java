package dev.nightshift.common;

import java.time.Duration;

/// Notices that a reader has come no further for too long, so that it does not wait for ever for a
/// cluster that has fallen silent. Only the time spent waiting counts. For one thread.
public final class Silence {
  private final long nanosMax;
  private long silentNanos;
  private long leftBefore = Long.MAX_VALUE;

  /// @param max how long a reader may come no further
  public Silence(Duration max) {
    this.nanosMax = max.toNanos();
  }

  /// Is to be called after each wait for more.
  ///
  /// @param waitedNanos how long it was
  /// @param left how much is still to be read, in any unit
  /// @return whether it has been too long
  public boolean isTooLong(long waitedNanos, long left) {
    silentNanos = left < leftBefore ? 0 : silentNanos + waitedNanos;
    leftBefore = Math.min(left, leftBefore);
    return silentNanos > nanosMax;
  }
}
