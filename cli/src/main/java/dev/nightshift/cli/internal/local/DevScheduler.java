package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The scheduler of `nightshift dev`, kept alive: started again when it ended, later each time.
/// Owned by one thread, which calls [#turn] again and again.
final class DevScheduler implements AutoCloseable {
  private static final String NAME = "dev";
  private static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(16);

  /// Who has worked for so long is started again as soon as the first time.
  private static final Duration STEADY = Duration.ofSeconds(60);

  private final ChildProcess.Launch launch;
  private final Consumer<String> say;
  private @Nullable ChildProcess child;
  private boolean stopped;
  private long launchedNanos;
  private long startNanos;
  private Duration pause = Duration.ZERO;

  /// @param say tells the user
  DevScheduler(ChildProcess.Launch launch, Consumer<String> say) {
    this.launch = launch;
    this.say = say;
  }

  /// Does what is due.
  void turn(long nanos) throws IOException {
    ChildProcess running = child;
    if (running == null) {
      if (!stopped && (pause.isZero() || nanos - startNanos >= 0)) {
        launchedNanos = nanos;
        child = ChildProcess.start(NAME, launch);
      }
    } else if (!running.alive()) {
      ended(running, nanos);
    }
  }

  private void ended(ChildProcess ended, long nanos) {
    child = null;
    Duration twice = pause.multipliedBy(2);
    boolean wasSteady = nanos - launchedNanos >= STEADY.toNanos();
    pause =
        pause.isZero() || wasSteady
            ? PAUSE_MIN
            : twice.compareTo(PAUSE_MAX) < 0 ? twice : PAUSE_MAX;
    startNanos = nanos + pause.toNanos();
    say.accept(
        "the scheduler (process %d) %s; another starts in %s, what is due meanwhile is emitted then"
            .formatted(ended.pid(), ended.end(), Durations.text(pause)));
  }

  /// Tells it to end, and starts no other.
  void stop() {
    stopped = true;
    if (child != null) {
      child.drain();
    }
  }

  /// Waits until it has ended; kills it if it does not.
  @Override
  public void close() {
    stopped = true;
    if (child != null) {
      child.close();
    }
  }
}
