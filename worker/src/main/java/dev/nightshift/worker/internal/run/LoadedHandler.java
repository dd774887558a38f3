package dev.nightshift.worker.internal.run;

import dev.nightshift.handler.Handler;
import java.time.Duration;
import java.util.Optional;

/// A handler and the queue that it serves. A class with several queues has one of these for each,
/// and one instance.
///
/// @param timeLimit how long an attempt may run; empty for no limit
public record LoadedHandler(
    String canvas, String queue, Optional<Duration> timeLimit, Handler handler, HandlerHome home) {

  /// `canvas/queue`.
  String name() {
    return canvas + '/' + queue;
  }

  /// Where it is, for messages.
  String place() {
    return "class " + handler.getClass().getName() + " in " + home.name();
  }
}
