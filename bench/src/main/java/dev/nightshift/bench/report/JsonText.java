package dev.nightshift.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;

/// Reports as JSON. Pure.
public final class JsonText {
  private JsonText() {}

  /// What stands in the file.
  ///
  /// @param schemaVersion grows when a field changes its meaning
  record Page(int schemaVersion, Machine machine, List<Run> runs) {}

  /// One report.
  record Run(
      String run, String about, List<Series> series, List<Wanted> goals, List<String> remarks) {
    static Run of(Report report) {
      return new Run(
          report.run(),
          report.about(),
          report.series(),
          report.goals().stream().map(goal -> Wanted.of(goal, report)).toList(),
          report.remarks());
    }
  }

  /// A goal, and what came of it in each round.
  record Wanted(String what, String wanted, List<Double> values, boolean reached) {
    static Wanted of(Goal goal, Report report) {
      List<Double> values = goal.values(report.bySide());
      return new Wanted(
          goal.what(), goal.wanted(), values, goal.reached(Spread.of(values).median()));
    }
  }

  /// All reports of a call.
  public static String of(Machine machine, List<Report> reports) {
    try {
      return new ObjectMapper()
          .writerWithDefaultPrettyPrinter()
          .writeValueAsString(new Page(1, machine, reports.stream().map(Run::of).toList()));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
