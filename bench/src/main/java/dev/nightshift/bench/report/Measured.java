package dev.nightshift.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Gathers what a run measures, round by round. For one thread.
public final class Measured {
  private final Map<String, Series> series = new LinkedHashMap<>();

  /// One side's value of a round.
  ///
  /// @param side what was measured
  /// @param unit of the value
  /// @param amount how much of it was measured
  /// @param note such as what it cost
  public void add(
      String side, String unit, String amount, double value, Faults faults, String note) {
    series.merge(
        side,
        Series.of(side, unit, amount).with(value, faults, note),
        (so, more) -> so.with(value, faults, note));
  }

  /// A value where nothing can be lost or done twice.
  public void add(String side, String unit, String amount, double value) {
    add(side, unit, amount, value, Faults.NONE, "");
  }

  /// What was measured so far.
  public Set<String> sides() {
    return Set.copyOf(series.keySet());
  }

  /// All so far, in the order of their first values.
  public List<Series> series() {
    return List.copyOf(series.values());
  }
}
