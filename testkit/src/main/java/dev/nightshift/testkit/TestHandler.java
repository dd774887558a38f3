package dev.nightshift.testkit;

import dev.nightshift.handler.Handler;
import dev.nightshift.worker.HandlerTrial;
import java.time.Duration;
import java.util.Set;

/// A handler that is run inline, without Kafka, by the code that runs it in a worker: codecs from
/// the class path, time limits, bounds of what is logged and emitted. Immutable; as safe for use by
/// many threads as the handler is.
///
/// ```
/// HandlerRun run = TestHandler.of(new Assess()).run("{\"mag\":6.4}");
/// assertEquals("strong", run.result().orElseThrow());
/// ```
public final class TestHandler {
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final HandlerTrial handler;
  private final Set<String> canvases;
  private final boolean draining;
  private final Duration atMost;

  private TestHandler(
      HandlerTrial handler, Set<String> canvases, boolean draining, Duration atMost) {
    this.handler = handler;
    this.canvases = Set.copyOf(canvases);
    this.draining = draining;
    this.atMost = atMost;
  }

  /// A handler as it is, with whatever it was made with.
  ///
  /// @throws dev.nightshift.worker.WorkerException.UnusableHandlers if no worker would take it
  public static TestHandler of(Handler handler) {
    return new TestHandler(HandlerTrial.of(handler), Set.of(), false, AT_MOST);
  }

  /// Where these canvases exist, so that it can emit into them; its own always does.
  public TestHandler withCanvases(String... names) {
    return new TestHandler(handler, Set.of(names), draining, atMost);
  }

  /// In a worker that has been asked to stop: `context.draining()` is true.
  public TestHandler whileDraining() {
    return new TestHandler(handler, canvases, true, atMost);
  }

  /// Waiting for as long for it to end, instead of 30 s.
  public TestHandler atMost(Duration longest) {
    return new TestHandler(handler, canvases, draining, longest);
  }

  /// Runs it with a JSON payload, for the first queue that it serves.
  public HandlerRun run(String json) {
    return run(TestEvent.json(json));
  }

  /// Runs it for the first queue that it serves.
  ///
  /// @throws IllegalArgumentException if no emitter would emit the event
  /// @throws IllegalStateException if it does not end in time
  public HandlerRun run(TestEvent event) {
    return run(handler.queues().getFirst(), event);
  }

  /// Runs it for one of the queues that it serves.
  ///
  /// @param queue `CANVAS/QUEUE`
  /// @throws IllegalArgumentException if it does not serve that queue, or no emitter would emit the
  ///   event
  /// @throws IllegalStateException if it does not end in time
  public HandlerRun run(String queue, TestEvent event) {
    HandlerTrial.Ended ended =
        handler.run(queue, new HandlerTrial.Given(event.record(queue), canvases, draining), atMost);
    return HandlerRun.of(ended.trace(), ended.children());
  }
}
