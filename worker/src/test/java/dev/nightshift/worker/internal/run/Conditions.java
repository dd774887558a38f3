package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits until something holds.
final class Conditions {
  private static final long NANOS_MAX = Duration.ofSeconds(30).toNanos();

  private Conditions() {}

  /// Returns as soon as `condition` holds; fails after half a minute.
  static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > NANOS_MAX) {
        fail("what was waited for did not happen");
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
