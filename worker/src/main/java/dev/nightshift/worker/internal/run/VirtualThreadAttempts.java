package dev.nightshift.worker.internal.run;

import dev.nightshift.common.ControlView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs the handlers of a catalog in this process, each attempt on a virtual thread of its own. The
/// loop's thread calls it; attempts take themselves out of the map when their handlers end.
public final class VirtualThreadAttempts implements Attempts {
  private final HandlerCatalog catalog;
  private final Surroundings with;
  private final Map<AttemptKey, Attempt> running = new ConcurrentHashMap<>();
  private final LongAdder ended = new LongAdder();
  // One for all: each that runs would keep its own.
  private final Consumer<AttemptKey> onEnd = this::ended;

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
  public void start(AttemptSpec spec) {
    AttemptKey key = spec.key();
    String canvas = spec.canvas().name();
    String queue = spec.event().queue();
    LoadedHandler handler =
        catalog
            .find(canvas, queue)
            .orElseThrow(
                () -> new IllegalStateException("no handler for queue " + canvas + "/" + queue));
    Attempt attempt = new Attempt(with, spec, handler, onEnd);
    if (running.putIfAbsent(key, attempt) != null) {
      throw new IllegalStateException("attempt " + key + " runs already");
    }
    attempt.start();
  }

  @Override
  public void interrupt(AttemptKey key, Interruption why) {
    @Nullable Attempt attempt = running.get(key);
    if (attempt != null) {
      attempt.interrupt(why);
    }
  }

  @Override
  public void drain() {
    with.drain();
  }

  /// Hands back what still runs. Catalog and trace store are their owner's to close, after this.
  @Override
  public void close() {
    for (Attempt attempt : running.values()) {
      attempt.interrupt(Interruption.HAND_BACK);
    }
  }

  private void ended(AttemptKey key) {
    running.remove(key);
    ended.increment();
  }
}
