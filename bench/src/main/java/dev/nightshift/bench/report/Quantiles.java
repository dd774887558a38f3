package dev.nightshift.bench.report;

/// Quantiles of sorted values. Pure.
public final class Quantiles {
  private Quantiles() {}

  /// The value that a part of all values does not exceed.
  ///
  /// @param sorted at least one value
  /// @param part from 0 to 1
  public static double of(double[] sorted, double part) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no value was measured: a quantile is of one or more");
    }
    return sorted[(int) Math.ceil(part * sorted.length) - (part > 0 ? 1 : 0)];
  }
}
