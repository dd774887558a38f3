package dev.nightshift.worker.internal.admin;

import dev.nightshift.worker.admin.Answer;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.events.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Whether a worker lives and is ready, and what is not as it should be. Safe for use by many
/// threads.
final class Health implements Consumer<WorkerEvent> {
  /// The longest that a turn of the loop takes with a cluster that does not answer, and some more.
  static final Duration TURN_MAX = Duration.ofMinutes(3);

  private volatile Optional<String> controlBehind = Optional.empty();
  private volatile Optional<String> writesStuck = Optional.empty();
  private volatile Optional<String> tracesDelayed = Optional.empty();

  /// Whether the process should be left alone rather than started anew.
  ///
  /// @param status empty while the worker starts
  Answer live(Optional<WorkerStatus> status) {
    Optional<Duration> silent =
        status.map(WorkerStatus::sinceTurn).filter(since -> since.compareTo(TURN_MAX) > 0);
    return silent
        .map(since -> new Answer(false, "not live: the loop has not turned for " + since))
        .orElse(new Answer(true, "live"));
  }

  /// Whether it does what it is there for.
  Answer ready(Optional<WorkerStatus> status) {
    Optional<String> reason = notReady(status);
    List<String> lines = new ArrayList<>();
    lines.add(reason.map(why -> "not ready: " + why).orElse("ready"));
    status
        .filter(is -> is.joined() && is.partitions() == 0)
        .ifPresent(_ -> lines.add("idle: other workers have all partitions"));
    controlBehind.ifPresent(why ->
        lines.add("the control topic cannot be followed, the last known flags count: " + why));
    writesStuck.ifPresent(why -> lines.add("writes are stuck: " + why));
    tracesDelayed.ifPresent(why -> lines.add("traces cannot be stored: " + why));
    return new Answer(reason.isEmpty(), String.join("\n", lines));
  }

  private static Optional<String> notReady(Optional<WorkerStatus> status) {
    if (status.isEmpty()) {
      return Optional.of("the worker starts");
    }
    WorkerStatus is = status.get();
    return switch (is.state()) {
      case "draining" -> Optional.of("the worker drains");
      case "quiet" -> Optional.of("the worker was told to claim nothing");
      default ->
          is.joined() ? Optional.empty() : Optional.of("the worker has not joined its group yet");
    };
  }

  @Override
  public void accept(WorkerEvent event) {
    switch (event) {
      case WorkerEvent.ControlBehind behind -> controlBehind = Optional.of(behind.reason());
      case WorkerEvent.ControlFollowed _ -> controlBehind = Optional.empty();
      case WorkerEvent.WritesStuck stuck -> writesStuck = Optional.of(stuck.reason());
      case WorkerEvent.WritesGoOn _ -> writesStuck = Optional.empty();
      case WorkerEvent.TracesDelayed delayed -> tracesDelayed = Optional.of(delayed.reason());
      case WorkerEvent.TracesFlowing _ -> tracesDelayed = Optional.empty();
      default -> {
        // No matter of health.
      }
    }
  }
}
