package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Quantiles;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.EventSource;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Settled;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.bench.stage.TallyFile;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// How long it takes from emit to the handler's start.
final class LatencyRun implements BenchRun {
  private static final int PER_SECOND = 1_000;
  private static final int EVENTS = 6_000;

  /// What a side runs before, in a burst and then at the rate that is measured: after the burst its
  /// JVM and the broker's still compile for half a minute, with 0.4 of a core each.
  private static final int BURST = 1_000_000;

  private static final int BURST_PER_EVENT = 200;
  private static final int PACED_PER_EVENT = 5;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int events = setting.events(EVENTS);
    try (Stage stage = new Stage(setting)) {
      List<Side> sides = List.of(stage.nightshift(Runs.ON), Runs.RAW_SIDE);
      for (int round = 1; round <= setting.rounds(); round++) {
        for (Side side : sides) {
          TallyFile tally = run(stage, side, events);
          int emitted = tally.starts().length;
          double[] millis = tally.latencyMillis(emitted - events, emitted);
          Faults faults = Faults.of(tally.starts(), tally.ends(), tally.repeated());
          double p50 = Quantiles.of(millis, 0.5);
          double p99 = Quantiles.of(millis, 0.99);
          String amount = String.format(Locale.ROOT, "%,d", events);
          measured.add(side.name() + ", p50", "ms", amount, p50, faults, "");
          measured.add(side.name() + ", p99", "ms", amount, p99, faults, "");
          setting
              .progress()
              .accept(
                  String.format(
                      Locale.ROOT,
                      "%s round %d: %s p50 %.1f ms, p99 %.1f ms",
                      name(),
                      round,
                      side.name(),
                      p50,
                      p99));
        }
      }
    }
    return new Report(
        name(),
        "From emit, by an emitter with its usual linger of 5 ms, to the handler's start, at 1,000 events/s; a burst, and five times as many events at that rate, come first.",
        measured.series(),
        List.of(
            Goal.within(Runs.ON + ", p50", 5, Runs.RAW + ", p50"),
            Goal.atMost(Runs.ON + ", p99", 2, Runs.RAW + ", p99")),
        List.of());
  }

  private static TallyFile run(Stage stage, Side side, int events) {
    int burst = Math.min(BURST, events * BURST_PER_EVENT);
    int warm = burst + PACED_PER_EVENT * events;
    Load.Kind kind = Load.Kind.work(warm, events, Duration.ZERO);
    Load load = stage.prepare(kind);
    try (EventSource source = stage.source(load)) {
      source.emit(0, burst);
      try (Running running = stage.start(side, load, "-Dbench.stamps=true")) {
        String group = side.group(load).orElse(Side.Yardstick.groupOf(running.name()));
        new Settled(stage.admin(), group, load.topics()).awaitAll(running.process());
        source.pace(burst, kind.emitted(), PER_SECOND);
        if (side.group(load).isEmpty()) {
          return running.await();
        }
        stage.settled(load).awaitDone(running);
        return running.stop();
      }
    } finally {
      stage.remove(load);
    }
  }
}
