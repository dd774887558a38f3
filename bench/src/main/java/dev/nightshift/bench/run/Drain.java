package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.report.Series;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/// Events wait in a topic; each side runs all of them, one side after the other, round by round.
///
/// @param name as the command line names it
/// @param about what is measured
/// @param sleep of each handler
/// @param entries what is measured, made for a stage
/// @param goals what is wanted
record Drain(
    String name,
    String about,
    Duration sleep,
    Function<Stage, List<Entry>> entries,
    List<Goal> goals)
    implements BenchRun {
  private static final int WARM = 300_000;

  /// A side and how much it runs.
  ///
  /// @param events that are measured in a round, unless told otherwise; a side that is far slower
  ///   gets fewer, or a round would take minutes
  record Entry(Side side, int events) {}

  private record Size(int warm, int events) {
    /// As told on the command line: then slower sides get as much less as they do by default.
    static Size of(Entry entry, int most, Setting setting) {
      int events =
          setting.events().isPresent()
              ? (int) Math.max(1, (long) setting.events().getAsInt() * entry.events() / most)
              : entry.events();
      return new Size(Math.min(WARM, events), events);
    }
  }

  @Override
  public Report measure(Setting setting) {
    try (Stage stage = new Stage(setting)) {
      List<Entry> all = entries.apply(stage);
      int most = all.stream().mapToInt(Entry::events).max().orElseThrow();
      List<Series> series = new ArrayList<>();
      for (Entry entry : all) {
        Size size = Size.of(entry, most, setting);
        series.add(
            Series.of(
                entry.side().name(),
                "events/s",
                "%,d after %,d".formatted(size.events(), size.warm())));
      }
      for (int round = 1; round <= setting.rounds(); round++) {
        Map<Size, Load> loads = new HashMap<>();
        for (int i = 0; i < all.size(); i++) {
          Load load =
              loads.computeIfAbsent(
                  Size.of(all.get(i), most, setting),
                  size -> stage.fill(size.warm(), size.events(), sleep));
          Outcome outcome = stage.drain(all.get(i).side(), load);
          series.set(i, series.get(i).with(outcome.rate(), outcome.faults(), outcome.cost()));
          setting.progress().accept(line(round, all.get(i).side(), outcome));
        }
        loads.values().forEach(stage::remove);
      }
      return new Report(name, about, series, goals, List.of());
    }
  }

  private String line(int round, Side side, Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s round %d: %s %,.0f/s, lost %d, doubled %d, started again %d, %s",
        name,
        round,
        side.name(),
        outcome.rate(),
        outcome.faults().lost(),
        outcome.faults().doubled(),
        outcome.faults().repeated(),
        outcome.cost());
  }
}
