package dev.nightshift.worker.internal.run;

import dev.nightshift.common.ControlView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Runs the handlers of a catalog in this process, each attempt on a virtual thread of its own. The
/// loop's thread calls it.
public final class VirtualThreadAttempts implements Attempts {
  private final HandlerCatalog catalog;
  private final Surroundings with;
  private final LongAdder ended = new LongAdder();
  // One for all: each that runs would keep its own.
  private final Runnable onEnd = ended::increment;

  /// Attempts of this catalog's handlers.
  ///
  /// @param control the control log as it is known now, to check where children go
  /// @param ends told how they end
  public VirtualThreadAttempts(
      HandlerCatalog catalog,
      TraceStore traceStore,
      Supplier<ControlView> control,
      RunSetup setup,
      Ends ends) {
    this.catalog = catalog;
    this.with = new Surroundings(setup, control, traceStore, ends);
    Rehearsal.run(setup);
  }

  /// How many attempts have ended so far, in whatever way. Any thread may ask.
  public long ended() {
    return ended.sum();
  }

  @Override
  public boolean handles(String canvas, String queue) {
    return catalog.find(canvas, queue).isPresent();
  }

  @Override
  public Optional<Duration> timeLimit(String canvas, String queue) {
    return catalog.find(canvas, queue).flatMap(LoadedHandler::timeLimit);
  }

  @Override
  public Running start(AttemptSpec spec) {
    String canvas = spec.canvas().name();
    String queue = spec.event().queue();
    LoadedHandler handler =
        catalog
            .find(canvas, queue)
            .orElseThrow(
                () -> new IllegalStateException("no handler for queue " + canvas + "/" + queue));
    Attempt attempt = new Attempt(with, spec, handler, onEnd);
    attempt.start();
    return attempt;
  }

  @Override
  public void drain() {
    with.drain();
  }
}
