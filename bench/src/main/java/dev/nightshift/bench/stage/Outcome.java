package dev.nightshift.bench.stage;

import dev.nightshift.bench.report.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// How a side ran a load.
///
/// @param rate events a second, from the warm start to the last completion on record
/// @param faults what was lost, done twice or started again
/// @param ownMicros what its process used of the processors, an event
/// @param brokerMicros what the broker used, an event
/// @param tally what was counted
public record Outcome(
    double rate, Faults faults, double ownMicros, double brokerMicros, TallyFile tally) {

  /// From what was counted.
  ///
  /// @param measured how many handlers ran after the warm-up
  /// @param recorded when it was seen from outside that all is on record; the epoch if the process
  ///   looked itself
  static Outcome of(TallyFile tally, int measured, Instant recorded) {
    TallyFile.Moment warm = tally.warm();
    TallyFile.Moment end = tally.end();
    Instant endAt = recorded.isAfter(end.at()) ? recorded : end.at();
    double seconds = Duration.between(warm.at(), endAt).toMillis() / 1e3;
    return new Outcome(
        measured / seconds,
        Faults.of(tally.starts(), tally.ends(), tally.repeated()),
        end.ownCpu().minus(warm.ownCpu()).toNanos() / 1e3 / measured,
        end.brokerCpu().minus(warm.brokerCpu()).toNanos() / 1e3 / measured,
        tally);
  }

  /// What an event cost.
  public String cost() {
    return String.format(
        Locale.ROOT, "%.1f µs, broker %.1f µs of processor an event", ownMicros, brokerMicros);
  }
}
