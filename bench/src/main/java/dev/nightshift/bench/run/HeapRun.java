package dev.nightshift.bench.run;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.EventSource;
import dev.nightshift.bench.stage.LiveHeap;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Members;
import dev.nightshift.bench.stage.Running;
import dev.nightshift.bench.stage.Setting;
import dev.nightshift.bench.stage.Side;
import dev.nightshift.bench.stage.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What a handler that sleeps takes in memory.
final class HeapRun implements BenchRun {
  private static final int AT_ONCE = 10_000;
  private static final Duration SLEEP = Duration.ofSeconds(100);
  private static final String EACH = "live heap a sleeping handler, beside its payload";

  @Override
  public String name() {
    return "heap";
  }

  @Override
  public Report measure(Setting setting) {
    Measured measured = new Measured();
    int handlers = Math.min(AT_ONCE, setting.events(AT_ONCE));
    try (Stage stage = new Stage(setting)) {
      // A canvas never gets all slots.
      Side worker = stage.nightshift(Runs.ON, "--concurrency=" + AT_ONCE * 2);
      for (int round = 1; round <= setting.rounds(); round++) {
        double bytes = measure(stage, worker, handlers);
        String amount = String.format(Locale.ROOT, "%,d handlers", handlers);
        measured.add(EACH, "bytes", amount, bytes);
        setting
            .progress()
            .accept(String.format(Locale.ROOT, "%s round %d: %,.0f bytes", name(), round, bytes));
      }
    }
    return new Report(
        name(),
        "As many handlers run that do nothing, and the live heap is taken; then as many that sleep, and it is taken again. Live is what a full collection leaves.",
        measured.series(),
        List.of(Goal.atMost(EACH, 4_096)),
        List.of());
  }

  private static double measure(Stage stage, Side worker, int handlers) {
    Load quick = stage.fill(Load.Kind.work(handlers, handlers, Duration.ZERO));
    Load slow = new Load(quick.plan(), quick.canvases(), Load.Kind.work(handlers, handlers, SLEEP));
    try (Running running = stage.start(worker, quick, "-Dbench.live=true");
        EventSource source = stage.source(slow)) {
      stage.settled(quick).awaitAll(running.process());
      long before = LiveHeap.bytes(running.process().pid());
      source.emit(0, handlers);
      long started = quick.kind().handled() + (long) handlers;
      Members.await("all sleep", () -> running.startedSoFar() >= started);
      long with = LiveHeap.bytes(running.process().pid());
      return (with - before) / (double) handlers - Payload.BYTES;
    } finally {
      stage.remove(quick);
    }
  }
}
