package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/// Waits until all workers act by a change, if that is asked for.
final class Acknowledgement {
  /// How long it is waited unless told otherwise.
  static final Duration WAIT_USUAL = Duration.ofSeconds(30);

  private static final Duration PAUSE = Duration.ofMillis(50);

  @Option(
      names = "--wait",
      description = "Wait until all live workers act by it; exit 5 if they do not in time.")
  private boolean wanted;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How long to wait for them, such as 30s (default: 30s).")
  private Duration timeout = WAIT_USUAL;

  /// Waits for what was written before this is called. Says on stderr how many have acknowledged.
  ///
  /// @throws CommandException with [ExitCode#WAIT_RAN_OUT] that names those who have not
  void await(Fleet fleet, Connection connection) {
    if (wanted) {
      await(fleet, connection, timeout);
    }
  }

  /// Waits for what was written before this is called, whether asked for or not.
  ///
  /// @throws CommandException as [#await(Fleet, Connection)] does
  static void await(Fleet fleet, Connection connection, Duration timeout) {
    long offset = fleet.view().offset();
    long end = System.nanoTime() + timeout.toNanos();
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      Heard heard = new Heard();
      List<WorkerBeat> live = log.view().live();
      boolean silent = heard.none(live, System.nanoTime());
      List<WorkerBeat> late = late(live, offset);
      while (!late.isEmpty() && System.nanoTime() - end < 0) {
        LockSupport.parkNanos(PAUSE.toNanos());
        live = log.view().live();
        silent = heard.none(live, System.nanoTime());
        late = late(live, offset);
      }
      String counted = (live.size() - late.size()) + " of " + live.size() + " workers";
      if (!late.isEmpty()) {
        throw new CommandException(
            ExitCode.WAIT_RAN_OUT,
            "after "
                + Durations.text(timeout)
                + " "
                + counted
                + " act by it; not yet: "
                + late.stream().map(WorkerBeat::worker).collect(Collectors.joining(", "))
                + ". The change is made and stays; "
                + (silent
                    ? "no worker has said anything for "
                        + Durations.text(WorkersView.SILENT_MAX)
                        + ": they may be dead, or not to be heard. See nightshift workers list"
                    : "they follow as soon as they read it"));
      }
      System.err.println("nightshift: " + counted + " act by it");
    }
  }

  private static List<WorkerBeat> late(List<WorkerBeat> live, long offset) {
    return live.stream().filter(each -> each.controlOffset() < offset).toList();
  }
}
