package dev.nightshift.bench.report;

import java.util.List;
import java.util.Locale;

/// Reports as Markdown. Pure.
public final class MarkdownText {
  private MarkdownText() {}

  /// How all of it was measured.
  public static final String METHOD =
      """
      Method: each side is a process of its own with the same JVM flags and heap; they run one after the other, round by round (A B A B …), over the same events on
      the same broker (a process of its own, with one node), and each round has fresh topics. Payloads have 256 bytes: 16 of numbers, then an order as JSON, of which LZ4 leaves about a third. Topics have 6 partitions. The clock starts when a side has started as many
      events as warm it up and stops when the last completion is on record: for Nightshift when all have ended and no ledger has a claim any more, for others
      when their last commit has returned. Lost, doubled and started again are counted by the events' numbers. Ratios are of the sides of one round; what is shown is the median round and
      the spread.
      """;

  /// What stands above the sections.
  ///
  /// @param flags of each side's JVM
  public static String head(Machine machine, List<String> flags) {
    return machine.text()
        + " Each side's JVM has "
        + String.join(" ", flags)
        + " and C2; the broker's is set up as Kafka's own start script does it (1 GiB, G1).\n\n"
        + METHOD;
  }

  /// A section of a page.
  public static String of(Report report) {
    StringBuilder text = new StringBuilder();
    text.append("### `").append(report.run()).append("`\n\n").append(report.about()).append("\n\n");
    text.append(
        "| what | unit | median | least – most | of, a round | lost | doubled | started again | cost (median round) |\n");
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
