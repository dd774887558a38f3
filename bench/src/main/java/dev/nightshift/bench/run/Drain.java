package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.report.Series;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Events wait in a topic; each side runs all of them, one side after the other, round by round.
///
/// @param name as the command line names it
/// @param about what is measured
/// @param size how many events
/// @param sides that are measured, made for a stage
/// @param goals what is wanted
record Drain(
    String name, String about, Size size, Function<Stage, List<Side>> sides, List<Goal> goals)
    implements BenchRun {

  /// How many events, and what each does.
  ///
  /// @param warm run before the clock starts
  /// @param events are measured, unless told otherwise
  /// @param sleep of each handler
  record Size(int warm, int events, Duration sleep) {
    /// As told on the command line: then the warm-up is as long, at most.
    Size of(Setting setting) {
      int wanted = setting.events().orElse(events);
      return new Size(Math.min(warm, wanted), wanted, sleep);
    }
  }

  @Override
  public Report measure(Setting setting) {
    Size actual = size.of(setting);
    try (Stage stage = new Stage(Stage.folder(), setting.heapMegabytes())) {
      List<Side> all = sides.apply(stage);
      List<Series> series = new ArrayList<>();
      all.forEach(side -> series.add(Series.of(side.name(), "events/s")));
      for (int round = 1; round <= setting.rounds(); round++) {
        Load load = stage.fill(actual.warm(), actual.events(), actual.sleep());
        for (int i = 0; i < all.size(); i++) {
          Outcome outcome = stage.drain(all.get(i), load);
          series.set(i, series.get(i).with(outcome.rate(), outcome.faults(), outcome.cost()));
          setting.progress().accept(line(round, all.get(i), outcome));
        }
        stage.remove(load);
      }
      String much =
          String.format(
              Locale.ROOT,
              " %,d events a round after %,d to warm up; %d rounds.",
              actual.events(),
              actual.warm(),
              setting.rounds());
      return new Report(name, about + much, series, goals, List.of());
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
