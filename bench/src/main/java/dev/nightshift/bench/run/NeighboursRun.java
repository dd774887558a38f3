package dev.nightshift.bench.run;

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
import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Whether a canvas suffers from another one's backlog.
final class NeighboursRun implements BenchRun {
  private static final int WAITING = 1_000_000;
  private static final Duration SLEEP = Duration.ofSeconds(1);
  private static final String QUIET = "quiet";
  private static final int BURST = 20_000;
  private static final int PER_SECOND = 100;
  private static final int PACED = 4_000;
  private static final int MEASURED = 1_000;
  private static final String ALONE = "p99 alone";
  private static final String BESIDE = "p99 beside a backlog";
  private static final String MAKING_WAY = "p99 beside one that makes way";

  @Override
  public String name() {
    return "neighbours";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int waiting = setting.events(WAITING);
    try (Stage stage = new Stage(setting)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        for (String side : List.of(ALONE, BESIDE, MAKING_WAY)) {
          Path handlers =
              side.equals(MAKING_WAY)
                  ? stage.handlersWithParents(List.of(QUIET))
                  : stage.handlersFor(List.of(QUIET));
          double p99 = p99(stage, handlers, side.equals(ALONE) ? 0 : waiting);
          measured.add(side, "ms", String.format(Locale.ROOT, "%,d", MEASURED), p99);
          setting
              .progress()
              .accept(
                  String.format(Locale.ROOT, "%s round %d: %s %.1f ms", name(), round, side, p99));
        }
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "A canvas gets %d events/s; time from emit to start. Beside it, another canvas has %,d events waiting whose"
                + " handlers sleep for %d ms: as many run as it gets slots for. It has one queue, which stays where it is; or a handler of another one, too, for which it makes way.",
            PER_SECOND,
            waiting,
            SLEEP.toMillis()),
        measured.series(),
        List.of(Goal.atMost(BESIDE, 2, ALONE)),
        List.of());
  }

  private static double p99(Stage stage, Path handlers, int waiting) {
    TopicPlan plan = stage.nextPlan();
    int quiet = BURST + PACED;
    Load all =
        new Load(
            plan, List.of(QUIET, Load.CANVAS), Load.Kind.work(0, quiet + waiting, Duration.ZERO));
    Load quietLoad = new Load(plan, List.of(QUIET), Load.Kind.work(0, quiet, Duration.ZERO));
    Load noisyLoad = new Load(plan, List.of(Load.CANVAS), Load.Kind.work(0, waiting, SLEEP));
    try (Fleet fleet = stage.fleet(plan)) {
      fleet.init(OptionalInt.of(1));
      Stage.createCanvas(fleet, QUIET, Load.PARTITIONS);
      Stage.createCanvas(fleet, Load.CANVAS, Load.PARTITIONS);
    }
    Side worker = new Side.Nightshift(Runs.ON, handlers, List.of());
    try (EventSource source = stage.source(quietLoad);
        EventSource noise = stage.source(noisyLoad)) {
      noise.emit(quiet, quiet + waiting);
      source.emit(0, BURST);
      try (Running running = stage.start(worker, all, "-Dbench.stamps=true")) {
        new Settled(stage.admin(), plan.workersGroup(), quietLoad.topics())
            .awaitAll(running.process());
        source.pace(BURST, quiet, PER_SECOND);
        new Settled(stage.admin(), plan.workersGroup(), quietLoad.topics())
            .awaitAll(running.process());
        TallyFile tally = running.handBack();
        return Quantiles.of(tally.latencyMillis(quiet - MEASURED, quiet), 0.99);
      }
    } finally {
      stage.remove(all);
    }
  }
}
