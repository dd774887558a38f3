package dev.nightshift.scheduler.internal.partition;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// For how long nothing is tried after a failure, and when that is told: what ends by itself within
/// two seconds, as a rebalance does, is not. Times are nanoseconds of a monotonic clock. Owned by
/// the partition's thread. Pure.
final class Trouble {
  private static final Duration PAUSE_MIN = Duration.ofMillis(20);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  /// Rebalances take less.
  private static final Duration TOLD_AFTER = Duration.ofSeconds(2);

  private long restsUntilNanos;
  private Duration pause = PAUSE_MIN;
  private OptionalLong since = OptionalLong.empty();
  private boolean told;

  Trouble(long nowNanos) {
    this.restsUntilNanos = nowNanos;
  }

  /// How long nothing is to be tried; not positive if something may be.
  long leftNanos(long nowNanos) {
    return restsUntilNanos - nowNanos;
  }

  /// Nothing is tried for so long.
  void rest(Duration time, long nowNanos) {
    restsUntilNanos = nowNanos + time.toNanos();
  }

  /// It failed: nothing is tried for twice as long as the last time, up to a second.
  ///
  /// @return whether that is to be told
  boolean failed(long nowNanos) {
    rest(pause, nowNanos);
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    if (since.isEmpty()) {
      since = OptionalLong.of(nowNanos);
    }
    boolean tell = !told && nowNanos - since.getAsLong() >= TOLD_AFTER.toNanos();
    told |= tell;
    return tell;
  }

  /// It succeeded.
  ///
  /// @return for how long it had failed, if that was told
  Optional<Duration> passed(long nowNanos) {
    Optional<Duration> after =
        told ? Optional.of(Duration.ofNanos(nowNanos - since.orElseThrow())) : Optional.empty();
    pause = PAUSE_MIN;
    since = OptionalLong.empty();
    told = false;
    return after;
  }

  /// A failure, as it is told.
  static String said(Throwable cause) {
    return cause.getClass().getSimpleName() + ": " + cause.getMessage();
  }
}
