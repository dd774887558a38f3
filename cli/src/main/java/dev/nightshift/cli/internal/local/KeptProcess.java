package dev.nightshift.cli.internal.local;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A process that is kept alive for as long as it is wanted: started again when it ended, later
/// each time. Owned by one thread, which calls [#turn] again and again.
final class KeptProcess implements AutoCloseable {
  static final Duration PAUSE_MIN = Duration.ofSeconds(1);
  static final Duration PAUSE_MAX = Duration.ofSeconds(30);

  /// Who has worked for so long is started again as soon as the first time.
  static final Duration STEADY = Duration.ofSeconds(60);

  private final Starter starter;
  private final Duration drainMax;
  private @Nullable ChildProcess child;
  private boolean wanted = true;
  private boolean draining;
  private long drainedNanos;
  private long startedNanos;
  private boolean resting;
  private long startNanos;
  private Duration pause = Duration.ZERO;

  /// Starts the process.
  interface Starter {
    ChildProcess start() throws IOException;
  }

  /// What became of it.
  sealed interface Change {
    /// It was started.
    record Started(ChildProcess process) implements Change {}

    /// It could not be started.
    ///
    /// @param pause until it is tried again
    record NotStarted(IOException why, Duration pause) implements Change {}

    /// It ended without being told to.
    ///
    /// @param pause until another is started
    record Died(ChildProcess process, Duration pause) implements Change {}

    /// It ended after it was told to drain.
    ///
    /// @param killed whether it did not do so in time, and was killed
    record Drained(ChildProcess process, boolean killed) implements Change {}
  }

  /// One that is wanted.
  ///
  /// @param drainMax when it is told to drain and has not ended after so long, it is killed
  KeptProcess(Starter starter, Duration drainMax) {
    this.starter = starter;
    this.drainMax = drainMax;
  }

  /// Does what is due.
  ///
  /// @param nanos the time
  /// @return what changed, if something did
  Optional<Change> turn(long nanos) {
    ChildProcess running = child;
    if (running == null) {
      return wanted && (!resting || nanos - startNanos >= 0)
          ? Optional.of(start(nanos))
          : Optional.empty();
    }
    if (running.alive()) {
      if (!draining || nanos - drainedNanos < drainMax.toNanos()) {
        return Optional.empty();
      }
      running.kill();
      return Optional.of(drained(running, true));
    }
    return Optional.of(draining ? drained(running, false) : died(running, nanos));
  }

  private Change start(long nanos) {
    draining = false;
    startedNanos = nanos;
    try {
      ChildProcess started = starter.start();
      child = started;
      return new Change.Started(started);
    } catch (IOException e) {
      rest(nanos);
      return new Change.NotStarted(e, pause);
    }
  }

  private Change drained(ChildProcess ended, boolean killed) {
    child = null;
    resting = false;
    return new Change.Drained(ended, killed);
  }

  private Change died(ChildProcess ended, long nanos) {
    child = null;
    if (nanos - startedNanos >= STEADY.toNanos()) {
      pause = Duration.ZERO;
    }
    rest(nanos);
    return new Change.Died(ended, pause);
  }

  private void rest(long nanos) {
    Duration twice = pause.multipliedBy(2);
    Duration longer = pause.isZero() ? PAUSE_MIN : twice;
    pause = longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
    resting = true;
    startNanos = nanos + pause.toNanos();
  }

  /// From now on it is started when it does not run, or is not any more; one that drains ends
  /// first.
  void want(boolean on) {
    wanted = on;
  }

  /// Tells it to drain, if it runs and was not told so before. While it is wanted another takes its
  /// place when it has ended.
  void drain(long nanos) {
    ChildProcess running = child;
    if (running != null && !draining) {
      draining = true;
      drainedNanos = nanos;
      running.drain();
    }
  }

  /// Tells it to hand back at once, if it drains.
  void handBack() {
    if (draining()) {
      process().ifPresent(ChildProcess::handBack);
    }
  }

  /// There is reason to believe that it would not end again: it is started without a pause.
  void hurry() {
    resting = false;
  }

  boolean draining() {
    return draining && child != null;
  }

  /// The process, if there is one now.
  Optional<ChildProcess> process() {
    return Optional.ofNullable(child);
  }

  /// Kills what is left of it, and starts no other.
  @Override
  public void close() {
    wanted = false;
    if (child != null) {
      child.kill();
    }
  }
}
