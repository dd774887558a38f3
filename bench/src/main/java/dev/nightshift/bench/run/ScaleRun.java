package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Faults;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import dev.nightshift.bench.stage.TallyFile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Whether more workers do more.
final class ScaleRun implements BenchRun {
  private static final int[] WORKERS = {1, 2, 4};
  private static final int AT_ONCE = 250;
  private static final Duration SLEEP = Duration.ofMillis(50);

  /// Divides evenly by all numbers of workers.
  private static final int PARTITIONS = 8;

  /// Measured for each worker; and as many wait beyond it.
  private static final int EVENTS_EACH = 15_000;

  /// So many times as many warm it up: the JVMs of four workers compile for more than a minute on
  /// two cores (after half a minute still 0.7 of a core of them), and what they run meanwhile says
  /// nothing about more workers.
  private static final int WARM = 20;

  private static final Duration WARM_MAX = Duration.ofMinutes(5);

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int each = setting.events(EVENTS_EACH);
    try (Stage stage = new Stage(setting)) {
      for (int round = 1; round <= setting.rounds(); round++) {
        for (int workers : WORKERS) {
          measure(stage, workers, each, measured, setting, round);
        }
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "Handlers of the one queue of a canvas that sleep for %d ms, %d at once a worker, %d partitions; rate while all workers are busy, a worker."
                + " Events that were not run when the workers were stopped are not counted as lost.",
            SLEEP.toMillis(),
            AT_ONCE,
            PARTITIONS),
        measured.series(),
        List.of(Goal.atLeast(side(2), 0.9, side(1)), Goal.atLeast(side(4), 0.9, side(1))),
        List.of());
  }

  private void measure(
      Stage stage, int workers, int each, Measured measured, Setting setting, int round) {
    int measuredEvents = each * workers;
    int beforehand = (WARM + 2) * measuredEvents; // What runs until all have come, and to warm up.
    Load load =
        stage.fill(new Load.Kind(1, beforehand + 2 * measuredEvents, SLEEP, Load.WORK, PARTITIONS));
    Side worker =
        new Side.Nightshift(
            Runs.ON, stage.handlersFor(List.of()), List.of("--concurrency=" + AT_ONCE));
    List<Running> running = new ArrayList<>();
    try {
      for (int i = 0; i < workers; i++) {
        running.add(stage.start(worker, load, "-Dbench.live=true"));
      }
      new Members(stage.admin(), load.plan().workersGroup()).await(workers);
      int from = started(running) + WARM * measuredEvents;
      Members.await("warm", WARM_MAX, () -> started(running) >= from);
      int counted = started(running);
      Instant began = Instant.now();
      Members.await("measured", () -> started(running) >= counted + measuredEvents);
      int done = started(running) - counted;
      double seconds = Duration.between(began, Instant.now()).toMillis() / 1e3;
      double rate = done / seconds / workers;
      Faults faults = faults(running);
      String amount = String.format(Locale.ROOT, "%,d", measuredEvents);
      measured.add(side(workers), "events/s a worker", amount, rate, faults, "");
      setting
          .progress()
          .accept(
              String.format(
                  Locale.ROOT,
                  "%s round %d: %s %,.0f/s a worker, doubled %d, started again %d",
                  name(),
                  round,
                  side(workers),
                  rate,
                  faults.doubled(),
                  faults.repeated()));
    } finally {
      running.forEach(Running::close);
    }
    stage.remove(load);
  }

  /// Handlers that they have started so far.
  private static int started(List<Running> running) {
    return running.stream().mapToInt(Running::startedSoFar).sum();
  }

  private static Faults faults(List<Running> running) {
    running.forEach(each -> each.process().terminate());
    Faults sum = Faults.NONE;
    for (Running each : running) {
      TallyFile tally = each.await();
      sum = sum.plus(Faults.of(tally.starts(), tally.ends(), tally.repeated()));
    }
    return new Faults(0, sum.doubled(), sum.repeated());
  }

  private static String side(int workers) {
    return workers == 1 ? "1 worker" : workers + " workers";
  }
}
