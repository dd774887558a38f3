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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Whether it matters how much waits.
final class BacklogRun implements BenchRun {
  private static final int LARGE = 1_500_000;
  private static final int TIMES = 10;
  private static final int WARM = 150_000;
  // What waits in memory differs from look to look by more than what is looked for.
  private static final List<Double> LOOKS =
      IntStream.rangeClosed(4, 18).mapToObj(i -> 0.05 * i).toList();
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
            for (double heap : liveHeap(stage, worker, load)) {
              measured.add(heap(events), "MiB", LOOKS.size() + " looks", heap);
            }
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
                + " what the bench itself counts with; it is looked at in a run of its own.",
            large),
        measured.series(),
        List.of(
            Goal.atLeast(waiting(large), 0.9, waiting(small)),
            Goal.atMost(heap(large), 1.1, heap(small))),
        List.of());
  }

  /// At several points on the way, in MiB.
  private static List<Double> liveHeap(Stage stage, Side worker, Load load) {
    double ofTheBench = 2.0 * load.kind().handled(); // Two bytes an event.
    List<Double> found = new ArrayList<>();
    try (Running running = stage.start(worker, load, "-Dbench.live=true")) {
      for (double part : LOOKS) {
        int wanted = (int) (part * load.kind().handled());
        Members.await("that far", () -> running.startedSoFar() >= wanted);
        found.add((LiveHeap.bytes(running.process().pid()) - ofTheBench) / MEGABYTE);
      }
    }
    return found;
  }

  private static String waiting(int events) {
    return String.format(Locale.ROOT, "%,d waiting", events);
  }

  private static String heap(int events) {
    return "live heap, " + waiting(events);
  }
}
