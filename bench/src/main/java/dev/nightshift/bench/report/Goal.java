package dev.nightshift.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a run should reach: one side's value, over another's of the same round or by itself.
///
/// @param of the side
/// @param over the side that it is divided by; empty if it stands for itself
/// @param bound what the median should be at least, or at most
/// @param kind how the two are compared
public record Goal(String of, Optional<String> over, double bound, Kind kind) {
  /// How a value is compared.
  public enum Kind {
    /// The value, or the ratio, is at least the bound.
    AT_LEAST,
    /// The value, or the ratio, is at most the bound.
    AT_MOST,
    /// The value exceeds the other one by the bound at most.
    WITHIN
  }

  /// At most `bound` more than another side's.
  public static Goal within(String of, double bound, String over) {
    return new Goal(of, Optional.of(over), bound, Kind.WITHIN);
  }

  /// At least `bound` times another side's.
  public static Goal atLeast(String of, double bound, String over) {
    return new Goal(of, Optional.of(over), bound, Kind.AT_LEAST);
  }

  /// At most `bound` times another side's.
  public static Goal atMost(String of, double bound, String over) {
    return new Goal(of, Optional.of(over), bound, Kind.AT_MOST);
  }

  /// At least `bound`.
  public static Goal atLeast(String of, double bound) {
    return new Goal(of, Optional.empty(), bound, Kind.AT_LEAST);
  }

  /// At most `bound`.
  public static Goal atMost(String of, double bound) {
    return new Goal(of, Optional.empty(), bound, Kind.AT_MOST);
  }

  /// Whether all that it compares was measured.
  public boolean isOf(Set<String> sides) {
    return sides.contains(of) && over.map(sides::contains).orElse(true);
  }

  /// Its value in each round.
  List<Double> values(Map<String, Series> series) {
    List<Double> own = find(series, of).values();
    if (over.isEmpty()) {
      return own;
    }
    List<Double> others = find(series, over.get()).values();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(kind == Kind.WITHIN ? own.get(i) - others.get(i) : own.get(i) / others.get(i));
    }
    return ratios;
  }

  private static Series find(Map<String, Series> series, String side) {
    Series found = series.get(side);
    if (found == null) {
      throw new IllegalArgumentException(
          "no side '" + side + "' was measured; there are " + series.keySet());
    }
    return found;
  }

  /// Whether a value is good enough.
  boolean reached(double value) {
    return kind == Kind.AT_LEAST ? value >= bound : value <= bound;
  }

  /// What is measured.
  String what() {
    return over.map(other -> of + (kind == Kind.WITHIN ? " − " : " / ") + other).orElse(of);
  }

  /// What is wanted, in words.
  String wanted() {
    String number =
        bound >= 1_000
            ? String.format(Locale.ROOT, "%,.0f", bound)
            : String.format(Locale.ROOT, "%.2f", bound).replaceFirst("\\.?0+$", "");
    return (kind == Kind.AT_LEAST ? "≥ " : "≤ ") + number;
  }
}
