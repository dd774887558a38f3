package dev.nightshift.testkit;

import dev.nightshift.common.Durations;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.handler.Handler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A local Kafka, and a worker that runs the test class's handlers, for all tests of a class. The
/// first in a JVM takes a few seconds to start.
///
/// ```
/// @RegisterExtension
/// static final NightshiftExtension NIGHTSHIFT =
///     NightshiftExtension.running(new Assess(), new Alert());
/// ```
///
/// Tests may use it at the same time.
public final class NightshiftExtension implements BeforeAllCallback, AfterAllCallback {
  private static final Duration AWAIT_MAX = Duration.ofSeconds(60);

  private final List<Handler> handlers;
  private @Nullable LocalNightshift running;

  private NightshiftExtension(List<Handler> handlers) {
    this.handlers = handlers;
  }

  /// With these handlers, as they are: each is held to the rules of those in JARs.
  public static NightshiftExtension running(Handler... handlers) {
    return new NightshiftExtension(List.of(handlers));
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    running = LocalNightshift.start(handlers, TopicPlan.standard().traces());
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    LocalNightshift now = running;
    if (now != null) {
      running = null;
      now.close();
    }
  }

  /// Emits into the local Kafka; it creates canvases on first use.
  public Emitter emitter() {
    return here().emitter();
  }

  /// `HOST:PORT` of the local Kafka, for other clients.
  public String bootstrapServers() {
    return here().bootstrapServers();
  }

  /// Waits until an event has ended, for up to a minute.
  ///
  /// @param id its id: an emitted event's, or that of a handler's [HandlerRun.Child]
  /// @throws AssertionError if it does not end in time
  public HandlerRun await(String id) {
    Optional<Trace> ended = here().traces().await(id, AWAIT_MAX);
    return ended
        .map(HandlerRun::of)
        .orElseThrow(() ->
            new AssertionError(
                "event "
                    + id
                    + " has not ended within "
                    + Durations.text(AWAIT_MAX)
                    + "; the worker runs "
                    + here().worker().queues()
                    + " and is "
                    + here().worker().status()));
  }

  private LocalNightshift here() {
    LocalNightshift now = running;
    if (now == null) {
      throw new IllegalStateException(
          "Nightshift runs only during the tests of a class: register the extension in a static"
              + " field with @RegisterExtension");
    }
    return now;
  }
}
