package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.Optional;

/// Paces the tries of one kind of write after a failure: it rests as long as the try took, so that
/// what fails takes no more than half of the loop's time, and at least [#REST_MIN]. Owned by the
/// loop's thread. Pure.
final class Backoff {
  static final Duration REST_MIN = Duration.ofMillis(20);

  /// What fails for so long is worth telling.
  static final Duration STUCK_AFTER = Duration.ofSeconds(10);

  private boolean failing;
  private boolean told;
  private long failingSince;
  private long restsUntil;

  /// Whether it is too early for another try.
  boolean rests(long now) {
    return failing && now - restsUntil < 0;
  }

  /// A try has failed.
  ///
  /// @return for how long all tries have, told once when that has become long
  Optional<Duration> failed(long began, long now) {
    if (!failing) {
      failing = true;
      failingSince = began;
    }
    restsUntil = now + Math.max(now - began, REST_MIN.toNanos());
    Duration since = Duration.ofNanos(now - failingSince);
    if (told || since.compareTo(STUCK_AFTER) < 0) {
      return Optional.empty();
    }
    told = true;
    return Optional.of(since);
  }

  /// A try has succeeded.
  ///
  /// @return whether it was told before that all fail
  boolean succeeded() {
    boolean was = told;
    failing = false;
    told = false;
    return was;
  }
}
