package dev.nightshift.handler;

import org.jspecify.annotations.Nullable;

/// Code that runs the events of one queue.
///
/// A worker finds handlers with [java.util.ServiceLoader] in the JARs of its handlers folder: name
/// the class in `META-INF/services/dev.nightshift.handler.Handler` and say with [Handles] which
/// queue it serves. One instance serves all events of the queue, many of them at the same time,
/// each on a virtual thread of its own: a handler must be safe for use by many threads, and may
/// block.
public interface Handler {
  /// Runs one event.
  ///
  /// However this call ends, the event is finished: a returned value is stored in the trace, an
  /// exception makes the outcome `errored`. Nothing is retried because of what a handler did; one
  /// that wants another go emits again with [Context#emit]. Only when the worker dies or must stop
  /// is the event started again, at most five times in all: side effects may therefore happen more
  /// than once after a crash, and [Event#attempt] tells which start this is.
  ///
  /// @param event what was emitted
  /// @param context what the handler may do besides its own work
  /// @return a result for the trace: null, text, bytes, or a value that the handler's [Codec]
  ///   encodes
  /// @throws Exception any; the event is finished with outcome `errored`
  @Nullable Object handle(Event event, Context context) throws Exception;
}
