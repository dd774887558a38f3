package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Virtual time: passes only when told to.
final class SimClock implements InstantSource {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Duration passed = Duration.ZERO;

  void pass(Duration more) {
    passed = passed.plus(more);
  }

  Duration passed() {
    return passed;
  }

  @Override
  public Instant instant() {
    return START.plus(passed);
  }

  LoopTime time() {
    return new LoopTime(this, () -> passed.toNanos());
  }
}
