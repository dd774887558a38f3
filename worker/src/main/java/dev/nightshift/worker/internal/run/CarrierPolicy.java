package dev.nightshift.worker.internal.run;

import java.time.Duration;

/// How many carrier threads there should be, from how soon new virtual threads run. Owned by the
/// guard's thread; time comes in as an argument, in nanoseconds of a monotonic clock.
///
/// Starved: twice as many, up to a bound. Calm for a while: as many as at first. If they starve
/// again right after that, the handlers that hold carriers are still there: then at once as many as
/// before, and for twice as long.
final class CarrierPolicy {
  private static final long FIRST_CALM_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LONGEST_CALM_NANOS = Duration.ofMinutes(5).toNanos();

  /// Carriers that end as many attempts in the time that a new thread is given are not held.
  private static final int ENDED_EACH_MIN = 10;

  private final int atFirst;
  private final int most;
  private int now;
  private int before;
  private long calmNanos = FIRST_CALM_NANOS;
  private long changedAt;

  /// @param atFirst how many there are at first
  /// @param most how many there may be
  CarrierPolicy(int atFirst, int most) {
    this.atFirst = atFirst;
    this.most = Math.max(most, atFirst);
    this.now = atFirst;
    this.before = atFirst;
  }

  /// A new virtual thread did not run in time. That is no starving if many attempts ended
  /// meanwhile: then it just waits its turn, and more carriers would not make the processors
  /// faster.
  ///
  /// @param ended how many attempts did
  /// @return how many carriers there should be
  int late(long ended, long nanos) {
    return ended < (long) now * ENDED_EACH_MIN ? starved(nanos) : now;
  }

  /// A new virtual thread ran at once.
  ///
  /// @return how many carriers there should be
  int ran(long nanos) {
    if (now > atFirst && nanos - changedAt >= calmNanos) {
      before = now;
      now = atFirst;
      changedAt = nanos;
    }
    return now;
  }

  private int starved(long nanos) {
    boolean againSoon = now == atFirst && before > atFirst && nanos - changedAt < calmNanos;
    int next = Math.min(most, now * 2);
    if (againSoon) {
      next = before;
      calmNanos = Math.min(LONGEST_CALM_NANOS, calmNanos * 2);
    } else if (now == atFirst) {
      calmNanos = FIRST_CALM_NANOS;
    }
    now = next;
    changedAt = nanos;
    return now;
  }
}
