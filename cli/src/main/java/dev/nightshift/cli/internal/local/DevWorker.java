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
import org.jspecify.annotations.Nullable;

/// The worker of `nightshift dev`, kept alive: started again when it ended, later each time, and
/// when the JARs in its folder have changed. Owned by one thread, which calls [#turn] again and
/// again.
final class DevWorker implements AutoCloseable {
  static final String NAME = "dev";

  private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(16);

  /// Who has worked for so long is started again as soon as the first time.
  private static final Duration STEADY = Duration.ofSeconds(60);

  /// JARs that were changed just now are perhaps still being written.
  private static final Duration JARS_STILL = Duration.ofSeconds(1);

  private final Path handlers;
  private final ChildProcess.Launch launch;
  private final Supplier<WorkersView> view;
  private final Consumer<String> say;
  private @Nullable ChildProcess child;
  private Instant launched = Instant.MAX;
  private long launchedNanos;
  private long startNanos;
  private Duration pause = PAUSE_MIN;
  private HandlerJars running;
  private HandlerJars seen;
  private long seenNanos;
  private boolean replacing;
  private boolean announced;

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
    this.launch = launch;
    this.view = view;
    this.say = say;
    this.startNanos = nanos;
    this.running = HandlerJars.of(handlers);
    this.seen = running;
    this.seenNanos = nanos;
  }

  /// Does what is due.
  ///
  /// @return its queues, once after each start, when it works
  Optional<List<QueueName>> turn(long nanos) throws IOException {
    boolean changed = jarsHaveChanged(nanos);
    ChildProcess worker = child;
    if (worker == null) {
      if (changed || nanos - startNanos >= 0) {
        start(nanos);
      }
    } else if (!worker.alive()) {
      ended(worker, nanos);
    } else if (changed && !replacing) {
      say.accept("the handlers have changed: the worker drains, and another takes its place");
      replacing = true;
      worker.drain();
    }
    return announcement();
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

  private void start(long nanos) throws IOException {
    running = HandlerJars.of(handlers);
    launched = Instant.now();
    launchedNanos = nanos;
    announced = false;
    replacing = false;
    child = ChildProcess.start(NAME, launch);
  }

  private void ended(ChildProcess worker, long nanos) {
    child = null;
    if (replacing) {
      startNanos = nanos;
      return;
    }
    if (nanos - launchedNanos >= STEADY.toNanos()) {
      pause = PAUSE_MIN;
    }
    say.accept(
        "the worker (process %d) %s; another starts in %s, what it ran is run again"
            .formatted(worker.pid(), worker.end(), Durations.text(pause)));
    startNanos = nanos + pause.toNanos();
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
  }

  private Optional<List<QueueName>> announcement() {
    if (announced || child == null) {
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
    return Optional.ofNullable(child);
  }

  /// Kills what is left of it.
  @Override
  public void close() {
    if (child != null) {
      child.kill();
    }
  }
}
