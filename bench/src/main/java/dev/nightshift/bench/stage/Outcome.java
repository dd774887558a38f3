package dev.nightshift.bench.stage;

import dev.nightshift.bench.report.Faults;
import java.time.Duration;
import java.util.Locale;

/// How a side ran a load.
///
/// @param rate events a second, from the warm start to the last completion on record
/// @param faults what was lost, done twice or started again
/// @param ownCpu what its process used of the processors meanwhile
/// @param brokerCpu what the broker used
/// @param events that were measured
public record Outcome(double rate, Faults faults, Duration ownCpu, Duration brokerCpu, int events) {
  /// What an event cost.
  public String cost() {
    return String.format(
        Locale.ROOT,
        "%.1f µs, broker %.1f µs of processor an event",
        ownCpu.toNanos() / 1e3 / events,
        brokerCpu.toNanos() / 1e3 / events);
  }
}
