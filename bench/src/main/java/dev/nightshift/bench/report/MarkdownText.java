package dev.nightshift.bench.report;

import java.util.Locale;

/// Reports as Markdown. Pure.
public final class MarkdownText {
  private MarkdownText() {}

  /// A section of a page.
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append("### `").append(report.run()).append("`\n\n").append(report.about()).append("\n\n");
    text.append(
        "| side | unit | median | least – most | of, a round | lost | doubled | started again | cost (median round) |\n");
    text.append("|---|---|---|---|---|---|---|---|---|\n");
    report.series().forEach(series -> text.append(row(series)));
    if (!report.goals().isEmpty()) {
      text.append("\n| what | median | least – most | wanted | |\n|---|---|---|---|---|\n");
      report.goals().forEach(goal -> text.append(row(goal, report)));
    }
    report.remarks().forEach(remark -> text.append("\n- ").append(remark));
    return text.append(report.remarks().isEmpty() ? "" : "\n").toString();
  }

  private static String row(Series series) {
    Spread spread = Spread.of(series.values());
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s – %s | %s | %,d | %,d | %,d | %s |%n",
        series.side(),
        series.unit(),
        number(spread.median()),
        number(spread.least()),
        number(spread.most()),
        series.amount(),
        series.faults().lost(),
        series.faults().doubled(),
        series.faults().repeated(),
        noteOfMedian(series, spread.median()));
  }

  /// What is noted of the round that is nearest to the median.
  private static String noteOfMedian(Series series, double median) {
    int nearest = 0;
    for (int i = 1; i < series.values().size(); i++) {
      if (Math.abs(series.values().get(i) - median)
          < Math.abs(series.values().get(nearest) - median)) {
        nearest = i;
      }
    }
    return series.notes().get(nearest);
  }

  private static String row(Goal goal, Report report) {
    Spread spread = Spread.of(goal.values(report.bySide()));
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s – %s | %s | %s |%n",
        goal.what(),
        number(spread.median()),
        number(spread.least()),
        number(spread.most()),
        goal.wanted(),
        goal.reached(spread.median()) ? "reached" : "**missed**");
  }

  static String number(double value) {
    String format = Math.abs(value) >= 1_000 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }
}
