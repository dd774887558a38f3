package dev.nightshift.cli.internal.local;

import dev.nightshift.cli.internal.Bar;
import dev.nightshift.cli.internal.TraceText;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emitted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ProgressBar;

/// The demo's main part: a week of quakes is emitted and assessed, and the busier worker is killed
/// in the midst of it.
final class DemoQuakes {
  private static final int EVENTS_A_SECOND = 400;
  private static final Duration AT_MOST = Duration.ofSeconds(90);

  private final DemoStage stage;
  private final List<String> quakes;
  private final DemoReport report;
  private final List<CompletableFuture<Emitted>> emitted = new ArrayList<>();
  private boolean killed;

  DemoQuakes(DemoStage stage, List<String> quakes) {
    this.stage = stage;
    this.quakes = List.copyOf(quakes);
    this.report = new DemoReport(DemoStage.CANVAS, quakes.size(), DemoReport.alerts(quakes));
  }

  void run() {
    play();
    Set<String> ids = new HashSet<>();
    emitted.forEach(future -> ids.add(future.join().id()));
    System.out.println(report.table());
    report.secondAttempt().map(TraceText::of).ifPresent(text -> System.out.println("\n" + text));
    Optional<String> wrong = report.wrong(ids);
    stage.check(wrong.isEmpty(), wrong.orElse(""));
    System.out.println("\n" + report.summary());
  }

  private void play() {
    try (ProgressBar ending = Bar.of("completed", "", report.expected())) {
      long begin = System.nanoTime();
      while (!report.complete() && System.nanoTime() - begin < AT_MOST.toNanos()) {
        long due = (System.nanoTime() - begin) * EVENTS_A_SECOND / 1_000_000_000L;
        while (emitted.size() < Math.min(due, quakes.size())) {
          String quake = quakes.get(emitted.size());
          emitted.add(stage.emitter().emitJson(DemoStage.CANVAS, DemoStage.QUEUE, quake));
        }
        ending.setExtraMessage(emitted.size() + " emitted");
        if (!killed && emitted.size() > quakes.size() / 2) {
          killed = true;
          ChildProcess victim = busiest();
          victim.kill();
          System.err.println("\nKilled " + victim.name() + " (SIGKILL) while its handlers ran.");
        }
        for (Trace trace : stage.poll()) {
          report.add(trace);
        }
        ending.stepTo(report.ended());
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  // Its handlers take 200 ms each, so that some of them run at any time.
  private ChildProcess busiest() {
    return stage.workers().all().stream()
        .max(Comparator.comparingLong(worker -> report.tracesOf(worker.name())))
        .orElseThrow();
  }
}
