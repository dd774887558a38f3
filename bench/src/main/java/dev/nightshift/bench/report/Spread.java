package dev.nightshift.bench.report;

import java.util.List;

/// Median, least and most of some values.
public record Spread(double median, double least, double most) {
  /// Of at least one value.
  public static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no value was measured: a median is of one or more");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int size = sorted.size();
    double median =
        size % 2 == 1
            ? sorted.get(size / 2)
            : (sorted.get(size / 2 - 1) + sorted.get(size / 2)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(size - 1));
  }
}
