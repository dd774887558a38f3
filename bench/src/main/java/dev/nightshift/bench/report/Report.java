package dev.nightshift.bench.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one run measured.
///
/// @param run its name
/// @param about what was measured, in a sentence or two
/// @param series one a side and quantity
/// @param goals what was wanted
/// @param remarks what else is to be said
public record Report(
    String run, String about, List<Series> series, List<Goal> goals, List<String> remarks) {
  /// Keeps copies.
  public Report {
    series = List.copyOf(series);
    goals = List.copyOf(goals);
    remarks = List.copyOf(remarks);
  }

  /// By name.
  Map<String, Series> bySide() {
    Map<String, Series> bySide = new LinkedHashMap<>();
    series.forEach(each -> bySide.put(each.side(), each));
    return bySide;
  }
}
