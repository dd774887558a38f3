package dev.nightshift.worker.internal.loop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// The loop's two clocks. What others must understand is wall time; how long something took is
/// monotonic. They never mix.
///
/// @param wallClock the wall clock
/// @param monotonic nanoseconds that never go back
public record LoopTime(InstantSource wallClock, LongSupplier monotonic) {
  /// The machine's clocks.
  public static LoopTime system() {
    return new LoopTime(InstantSource.system(), System::nanoTime);
  }

  Instant wall() {
    return wallClock.instant();
  }

  long nanos() {
    return monotonic.getAsLong();
  }
}
