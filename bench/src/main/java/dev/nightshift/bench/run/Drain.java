package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

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
  /// So many times as many warm a side up. On two cores a JVM compiles for half a minute of its
  /// life, and what it runs meanwhile says little of a worker that runs for days.
  static final int WARM = 4;

  /// A side and how much it runs.
  ///
  /// @param events that are measured in a round, unless told otherwise; a side that is far slower
  ///   gets fewer, or a round would take minutes
  record Entry(Side side, int events) {}

  @Override
  public boolean choosesSides() {
    return true;
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    try (Stage stage = new Stage(setting)) {
      List<Entry> all = entries.apply(stage);
      checkSides(all, setting);
      int most = all.stream().mapToInt(Entry::events).max().orElseThrow();
      for (int round = 1; round <= setting.rounds(); round++) {
        Map<Load.Kind, Load> loads = new HashMap<>();
        for (Entry entry : all.stream().filter(e -> setting.wants(e.side())).toList()) {
          Load load = loads.computeIfAbsent(kind(entry, most, setting), stage::fill);
          Outcome outcome = stage.drain(entry.side(), load);
          Rates.add(measured, entry.side().name(), load, outcome);
          setting.progress().accept(Rates.line(name, round, entry.side().name(), outcome));
        }
        loads.values().forEach(stage::remove);
      }
    }
    List<Goal> compared = goals.stream().filter(goal -> goal.isOf(measured.sides())).toList();
    return new Report(name, about, measured.series(), compared, List.of());
  }

  // Else nothing would be measured, and nobody told.
  private static void checkSides(List<Entry> all, Setting setting) {
    if (all.stream().noneMatch(entry -> setting.wants(entry.side()))) {
      throw new IllegalArgumentException(
          "there is no side %s; there are %s"
              .formatted(
                  String.join(" or ", setting.sides()),
                  all.stream()
                      .map(entry -> "'" + entry.side().name() + "'")
                      .collect(Collectors.joining(", "))));
    }
  }

  /// As told on the command line: then slower sides get as much less as they do by default.
  private Load.Kind kind(Entry entry, int most, Setting setting) {
    long all = setting.events(most);
    int events = (int) Math.max(1, all * entry.events() / most);
    return Load.Kind.work(WARM * events, events, sleep);
  }
}
