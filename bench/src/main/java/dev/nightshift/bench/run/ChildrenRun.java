package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.HeldBack;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What it costs to emit with the completion.
final class ChildrenRun implements BenchRun {
  private static final int PARENTS = 150_000;
  private static final int WARM = 100_000;
  private static final String WITH = "each event emits one child";
  private static final String WITHOUT = "as many events without children";

  @Override
  public String name() {
    return "children";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    List<String> held = new ArrayList<>();
    int parents = setting.events(PARENTS);
    int warm = Math.min(WARM, parents);
    Load.Kind with =
        new Load.Kind(warm, parents - warm / 2, Duration.ZERO, Load.PARENT, Load.PARTITIONS);
    Load.Kind without = Load.Kind.work(warm, with.handled() - warm, Duration.ZERO);
    try (Stage stage = new Stage(setting)) {
      Side worker = stage.nightshift(Runs.ON);
      for (int round = 1; round <= setting.rounds(); round++) {
        Load load = stage.fill(with);
        Outcome outcome = runParents(stage, worker, load, held);
        Rates.add(measured, WITH, load, outcome);
        setting.progress().accept(Rates.line(name(), round, WITH, outcome));
        stage.remove(load);

        Load plain = stage.fill(without);
        Outcome plainly = stage.drain(worker, plain);
        Rates.add(measured, WITHOUT, plain, plainly);
        setting.progress().accept(Rates.line(name(), round, WITHOUT, plainly));
        stage.remove(plain);
      }
    }
    return new Report(
        name(),
        "Each event emits one child, which does nothing, into a queue of the same canvas: children, traces and ledger are one transaction. Parents and children are counted alike.",
        measured.series(),
        List.of(Goal.atLeast(WITH, 0.5, WITHOUT)),
        held);
  }

  private static Outcome runParents(Stage stage, Side worker, Load load, List<String> held) {
    try (Running running = stage.start(worker, load);
        HeldBack heldBack = HeldBack.watch(stage.bootstrapServers(), load.topic())) {
      Instant recorded = stage.settled(load).awaitDone(running);
      held.add(heldBack.text());
      return Stage.outcome(load, running.stop(), recorded);
    }
  }
}
