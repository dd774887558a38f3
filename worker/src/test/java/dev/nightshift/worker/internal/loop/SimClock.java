package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Virtual time: passes only when told to.
final class SimClock implements InstantSource {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Duration passed = Duration.ZERO;
  private Duration setBack = Duration.ZERO;

  void pass(Duration more) {
    passed = passed.plus(more);
  }

  /// What people and machines call the time is set back; how much has passed is not.
  void setBack(Duration by) {
    setBack = setBack.plus(by);
  }

  Duration passed() {
    return passed;
  }

  @Override
  public Instant instant() {
    return START.plus(passed).minus(setBack);
  }

  LoopTime time() {
    return new LoopTime(this, () -> passed.toNanos());
  }
}
