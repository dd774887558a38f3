package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.side.EmitSide;
import dev.nightshift.bench.side.ProduceSide;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.List;

/// How fast a service can emit.
final class EmitRun implements BenchRun {
  private static final int EVENTS = 1_000_000;
  private static final String EMITTER = "emitter";
  private static final String BARE = "bare producer";
  private static final String HEADERS = "bare producer, as many bytes";

  @Override
  public String name() {
    return "emit";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int events = setting.events(EVENTS);
    Load.Kind kind = Load.Kind.work(Drain.WARM * events, events, Duration.ZERO);
    try (Stage stage = new Stage(setting)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        for (String name : List.of(EMITTER, BARE, HEADERS)) {
          Load load = stage.prepare(kind);
          Outcome outcome = stage.drain(side(name, load), load);
          long stored = stage.settled(load).all();
          Faults lost = new Faults(Math.max(0, kind.emitted() - stored), 0, 0);
          Faults doubled = new Faults(0, Math.max(0, stored - kind.emitted()), 0);
          measured.add(
              name,
              Rates.UNIT,
              Rates.amount(load),
              outcome.rate(),
              outcome.faults().plus(lost).plus(doubled),
              outcome.cost());
          setting.progress().accept(Rates.line(name(), round, name, outcome));
          stage.remove(load);
        }
      }
    }
    return new Report(
        name(),
        "One process emits as fast as it can, acks=all; the clock stops with the last acknowledgement. The bare producer has the emitter's linger, batch"
            + " size and compression; its records have no headers, or as many bytes of headers as an event.",
        measured.series(),
        List.of(Goal.atLeast(EMITTER, 0.8, BARE), Goal.atLeast(EMITTER, 0.8, HEADERS)),
        List.of());
  }

  private static Side side(String name, Load load) {
    return switch (name) {
      case EMITTER -> new Side.Yardstick(name, EmitSide.class, List.of(load.plan().prefix()));
      case BARE -> new Side.Yardstick(name, ProduceSide.class, List.of("bare"));
      default -> new Side.Yardstick(name, ProduceSide.class, List.of("headers"));
    };
  }
}
