package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.util.function.Consumer;

/// The scheduler of `nightshift dev`, kept alive. Owned by one thread, which calls [#turn] again
/// and again.
final class DevScheduler implements AutoCloseable {
  private static final String NAME = "dev";

  private final Consumer<String> say;
  private final KeptProcess kept;

  /// @param say tells the user
  DevScheduler(ChildProcess.Launch launch, Consumer<String> say) {
    this.say = say;
    this.kept = new KeptProcess(() -> ChildProcess.start(NAME, launch), ChildProcess.DRAIN_MAX);
  }

  /// Does what is due.
  void turn(long nanos) {
    kept.turn(nanos).ifPresent(this::tell);
  }

  private void tell(KeptProcess.Change change) {
    switch (change) {
      case KeptProcess.Change.NotStarted not ->
          say.accept(
              "the scheduler could not be started (%s); it is tried again in %s"
                  .formatted(not.why().getMessage(), Durations.text(not.pause())));
      case KeptProcess.Change.Died(ChildProcess ended, Duration pause) ->
          say.accept(
              "the scheduler (process %d) %s; another starts in %s, what is due meanwhile is emitted then"
                  .formatted(ended.pid(), ended.end(), Durations.text(pause)));
      case KeptProcess.Change.Started _, KeptProcess.Change.Drained _ -> {}
    }
  }

  /// Tells it to end, and starts no other.
  void stop() {
    kept.want(false);
    kept.drain(System.nanoTime());
  }

  /// Waits until it has ended; kills it if it does not.
  @Override
  public void close() {
    kept.want(false);
    kept.process().ifPresent(ChildProcess::close);
  }
}
