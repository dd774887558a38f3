package dev.nightshift.cli.internal;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import dev.nightshift.common.backlog.Backlog;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Option;

/// Counts what waits: for as long as people like to wait for an answer, or all of it.
final class QueueDepths {
  /// A command answers within 2 s; a part of them goes by until it begins to count.
  private static final Duration QUICK = Duration.ofMillis(1_200);

  private static final Duration STEP = Duration.ofMillis(250);
  private static final int PERCENT = 100;

  @Option(
      names = "--exact",
      description =
          "Count all, however long it takes; otherwise after 2 s what was counted so far.")
  private boolean all;

  /// Reports on the queues of a scope. Remarks if they are not exact.
  List<QueueReport> report(Scope scope, Output output, Connection connection) {
    try (Fleet fleet = connection.fleet();
        BacklogReader reader =
            BacklogReader.of(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      // Both take a while, mostly of waiting.
      CompletableFuture<Dropped> dropped =
          CompletableFuture.supplyAsync(() -> Dropped.read(connection));
      ControlView view = fleet.view();
      Backlog backlog = reader.begin(view, scope);
      boolean exact = all ? countAll(backlog, output) : backlog.read(QUICK);
      if (!exact) {
        output.remark(
            "%.0f %% was counted; what waits is at least that much. Count all of it with --exact"
                .formatted(PERCENT * backlog.progress()));
      }
      return QueueReport.of(scope, view, backlog.depths(), exact, dropped.join(), Instant.now());
    }
  }

  private static boolean countAll(Backlog backlog, Output output) {
    if (backlog.read(QUICK)) {
      return true;
    }
    if (output.quiet() || output.isFramed() || !Screen.isThere()) {
      while (!backlog.read(STEP)) {
        // Nobody watches.
      }
      return true;
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("counted")
            .setUnit(" %", 1)
            .setInitialMax(PERCENT)
            .setStyle(ProgressBarStyle.ASCII)
            .build()) {
      while (!backlog.read(STEP)) {
        bar.stepTo((long) (PERCENT * backlog.progress()));
      }
      bar.stepTo(PERCENT);
    }
    return true;
  }
}
