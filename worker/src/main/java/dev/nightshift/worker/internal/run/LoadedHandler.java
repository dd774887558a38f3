package dev.nightshift.worker.internal.run;

import dev.nightshift.handler.Handler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/// A handler and the queue that it serves. A class with several queues has one of these for each,
/// and one instance.
///
/// @param timeLimit how long an attempt may run; empty for no limit
/// @param threads virtual threads of its name, one for each attempt
public record LoadedHandler(
    String canvas,
    String queue,
    Optional<Duration> timeLimit,
    Handler handler,
    HandlerHome home,
    ThreadFactory threads) {

  /// With threads of its own.
  public LoadedHandler(
      String canvas,
      String queue,
      Optional<Duration> timeLimit,
      Handler handler,
      HandlerHome home) {
    this(canvas, queue, timeLimit, handler, home, threads(canvas + '/' + queue));
  }

  private static ThreadFactory threads(String name) {
    return Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).factory();
  }

  /// `canvas/queue`.
  String name() {
    return canvas + '/' + queue;
  }

  /// Where it is, for messages.
  String place() {
    return "class " + handler.getClass().getName() + " in " + home.name();
  }
}
