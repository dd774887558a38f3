package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The worker of `nightshift dev`, kept alive, and started again when the JARs in its folder have
/// changed. Owned by one thread, which calls [#turn] again and again.
final class DevWorker implements AutoCloseable {
  static final String NAME = "dev";

  /// JARs that were changed just now are perhaps still being written.
  private static final Duration JARS_STILL = Duration.ofSeconds(1);

  private final Path handlers;
  private final KeptProcess kept;
  private final Supplier<WorkersView> view;
  private final Consumer<String> say;
  private Instant launched = Instant.MAX;
  private HandlerJars running;
  private HandlerJars seen;
  private long seenNanos;
  private boolean announced = true;

  /// @param handlers the folder with the JARs
  /// @param view what the workers say of themselves
  /// @param say tells the user
  DevWorker(
      Path handlers,
      ChildProcess.Launch launch,
      Supplier<WorkersView> view,
      Consumer<String> say,
      long nanos) {
    this.handlers = handlers;
    this.kept = new KeptProcess(() -> start(launch), ChildProcess.DRAIN_MAX);
    this.view = view;
    this.say = say;
    this.running = HandlerJars.of(handlers);
    this.seen = running;
    this.seenNanos = nanos;
  }

  /// Does what is due.
  ///
  /// @return its queues, once after each start, when it works
  Optional<List<QueueName>> turn(long nanos) {
    if (jarsHaveChanged(nanos) && !kept.draining()) {
      if (kept.process().filter(ChildProcess::alive).isPresent()) {
        say.accept("the handlers have changed: the worker drains, and another takes its place");
        kept.drain(nanos);
      } else {
        kept.hurry();
      }
    }
    kept.turn(nanos).ifPresent(this::tell);
    return announcement();
  }

  private void tell(KeptProcess.Change change) {
    switch (change) {
      case KeptProcess.Change.NotStarted not ->
          say.accept(
              "the worker could not be started (%s); it is tried again in %s"
                  .formatted(not.why().getMessage(), Durations.text(not.pause())));
      case KeptProcess.Change.Died(ChildProcess ended, Duration pause) ->
          say.accept(
              "the worker (process %d) %s; another starts in %s, what it ran is run again"
                  .formatted(ended.pid(), ended.end(), Durations.text(pause)));
      case KeptProcess.Change.Started _, KeptProcess.Change.Drained _ -> {}
    }
  }

  private boolean jarsHaveChanged(long nanos) {
    HandlerJars now = HandlerJars.of(handlers);
    if (!now.equals(seen)) {
      seen = now;
      seenNanos = nanos;
    }
    // A folder is empty in the midst of a build.
    return !seen.isEmpty() && !seen.equals(running) && nanos - seenNanos >= JARS_STILL.toNanos();
  }

  private ChildProcess start(ChildProcess.Launch launch) throws IOException {
    running = HandlerJars.of(handlers);
    launched = Instant.now();
    announced = false;
    return ChildProcess.start(NAME, launch);
  }

  private Optional<List<QueueName>> announcement() {
    if (announced || kept.process().isEmpty()) {
      return Optional.empty();
    }
    Optional<List<QueueName>> queues =
        view.get().live().stream()
            .filter(beat -> beat.worker().equals(NAME) && !beat.startedAt().isBefore(launched))
            .findFirst()
            .map(WorkerBeat::handlers)
            .map(handlers -> handlers.stream().sorted().toList());
    announced = queues.isPresent();
    return queues;
  }

  /// Its process, if there is one now.
  Optional<ChildProcess> process() {
    return kept.process();
  }

  /// Kills what is left of it.
  @Override
  public void close() {
    kept.close();
  }
}
