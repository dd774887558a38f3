package dev.nightshift.cli.internal;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.worker.command.Connection;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Option;

/// Counts what waits: for as long as people like to wait for an answer, or all of it.
final class QueueDepths {
  /// A command answers within 2 s. To show it takes a part of them.
  private static final Duration ANSWER = Duration.ofMillis(1_750);

  /// It is counted for so long even if the cluster was slow to say what there is.
  private static final Duration COUNT_LEAST = Duration.ofMillis(200);

  private static final Duration STEP = Duration.ofMillis(250);
  private static final Duration LINE_EVERY = Duration.ofSeconds(2);
  private static final int PERCENT = 100;

  @Option(
      names = "--exact",
      description =
          "Count all, however long it takes; otherwise after 2 s what was counted so far, marked"
              + " as the least that it is.")
  private boolean all;

  /// Reports on the queues of a scope. Remarks if they are not exact, or none.
  ///
  /// @throws dev.nightshift.common.FleetException.UnknownCanvas if the scope names one that there
  ///   never was
  List<QueueReport> report(Scope scope, Output output, Connection connection) {
    long begun = System.nanoTime() - startOfJava().toNanos();
    try (Fleet fleet = connection.fleet();
        BacklogReader reader =
            BacklogReader.of(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      // Both take a while, mostly of waiting.
      CompletableFuture<Dropped> dropped =
          CompletableFuture.supplyAsync(() -> Dropped.read(connection));
      ControlView view = fleet.view();
      Backlog backlog = reader.beginWithDelayed(view, scope);
      if (!backlog.read(left(begun)) && all) {
        countAll(backlog, output);
      }
      if (!backlog.complete()) {
        dropped.completeOnTimeout(Dropped.UNKNOWN, left(begun).toMillis(), TimeUnit.MILLISECONDS);
        output.remark(
            (backlog.completeButDelayed()
                    ? "not all delayed events were counted: there are at least as many as are shown."
                        + " Count all of them with --exact"
                    : "%.0f %% was counted; what waits is at least that much. Count all of it with"
                        + " --exact")
                .formatted(PERCENT * backlog.progress()));
      }
      List<QueueReport> reports =
          QueueReport.of(
              scope, view, QueueReport.Counted.of(backlog), dropped.join(), Instant.now());
      if (reports.isEmpty()) {
        scope.canvas().ifPresent(fleet::canvas); // Refuses one that there never was.
        output.remark(
            scope.equals(Scope.all())
                ? "no queue has events or flags yet; emit one with: nightshift event emit"
                    + " CANVAS/QUEUE JSON"
                : "no queue of " + scope + " has events or flags");
      }
      return reports;
    }
  }

  // Whoever waits for a command waits for Java, too. A command that is not the first one that runs
  // in its process has not waited for that. By Java's own clock: Linux counts from when the kernel
  // started, which it tells in whole seconds, so a process looks up to a second older than it is.
  private static Duration startOfJava() {
    Duration age = Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    return age.compareTo(ANSWER) < 0 ? age : Duration.ZERO;
  }

  private static Duration left(long begun) {
    Duration left = ANSWER.minusNanos(System.nanoTime() - begun);
    return left.compareTo(COUNT_LEAST) < 0 ? COUNT_LEAST : left;
  }

  private static void countAll(Backlog backlog, Output output) {
    if (output.quiet() || output.isFramed() || !Screen.isThere()) {
      while (!backlog.read(LINE_EVERY)) {
        output.remark("%.0f %% was counted".formatted(PERCENT * backlog.progress()));
      }
      return;
    }
    try (ProgressBar bar = Bar.of("counted", " %", PERCENT)) {
      while (!backlog.read(STEP)) {
        bar.stepTo((long) (PERCENT * backlog.progress()));
      }
      bar.stepTo(PERCENT);
    }
  }
}
