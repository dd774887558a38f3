package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.LiveHeap;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Outcome;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// Whether it matters how much waits.
final class BacklogRun implements BenchRun {
  private static final int LARGE = 1_500_000;
  private static final int TIMES = 10;
  private static final int WARM = 150_000;
  // What waits in memory differs from look to look by more than what is looked for.
  private static final int LOOKS = 15;
  private static final double MEGABYTE = 1 << 20;

  @Override
  public String name() {
    return "backlog";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int large = setting.events(LARGE);
    int small = Math.max(1, large / TIMES);
    int warm = Math.min(WARM, small);
    try (Stage stage = new Stage(setting)) {
      Side worker = stage.nightshift(Runs.ON);
      for (int round = 1; round <= setting.rounds(); round++) {
        for (int events : new int[] {large, small}) {
          Load load = stage.fill(Load.Kind.work(warm, events, Duration.ZERO));
          Outcome outcome = stage.drain(worker, load);
          Rates.add(measured, waiting(events), load, outcome);
          setting.progress().accept(Rates.line(name(), round, waiting(events), outcome));
          if (round == setting.rounds()) {
            look(stage, worker, load, warm + small, measured);
          }
          stage.remove(load);
        }
      }
    }
    return new Report(
        name(),
        String.format(
            Locale.ROOT,
            "%,d events wait, or a tenth. Live heap is what a full collection leaves on the way, less"
                + " what the bench itself counts with; it is looked at in a run of its own, of both"
                + " loads when as many events have been started, as a JVM grows as it gets older, and"
                + " of the larger one also later.",
            large),
        measured.series(),
        List.of(
            Goal.atLeast(waiting(large), 0.9, waiting(small)),
            Goal.atMost(heap(large), 1.1, heap(small))),
        List.of());
  }

  private static void look(Stage stage, Side worker, Load load, int small, Measured measured) {
    int events = load.kind().events();
    try (Running running = stage.start(worker, load, "-Dbench.live=true")) {
      look(running, small, heap(events), measured);
      if (load.kind().handled() > small) {
        look(running, load.kind().handled(), heap(events) + ", later", measured);
      }
    }
  }

  // From a fifth of so many starts to nine tenths.
  private static void look(Running running, int starts, String series, Measured measured) {
    double ofTheBench = 2.0 * running.load().kind().handled(); // Two bytes an event.
    for (int i = 1; i <= LOOKS; i++) {
      int wanted = (int) (starts * (0.15 + 0.05 * i));
      Members.await("that far", () -> running.startedSoFar() >= wanted);
      double bytes = LiveHeap.bytes(running.process().pid()) - ofTheBench;
      measured.add(series, "MiB", LOOKS + " looks", bytes / MEGABYTE);
    }
  }

  private static String waiting(int events) {
    return String.format(Locale.ROOT, "%,d waiting", events);
  }

  private static String heap(int events) {
    return "live heap, " + waiting(events);
  }
}
