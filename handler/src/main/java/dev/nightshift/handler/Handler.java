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
  /// that wants another go emits again with [Context#emit].
  ///
  /// Side effects may happen more than once, even though most events run once. An event is started
  /// again, as its next attempt and at most five in all, when its worker dies or must stop before
  /// the handler is done. It is also started again, as the same attempt and any number of times,
  /// when its partition moves to another worker, as it does when workers come and go: a handler
  /// that has not ended within a second then is interrupted, and may still run for a moment beside
  /// the new one. What tells a repetition is [Event#id], which stays the same: use it as the key of
  /// what must happen once. What was emitted with [Context#emit] is stored only with the start that
  /// finished the event.
  ///
  /// @param event what was emitted
  /// @param context what the handler may do besides its own work
  /// @return a result for the trace: null, text, bytes, or a value that the handler's [Codec]
  ///   encodes
  /// @throws Exception any; the event is finished with outcome `errored`
  @Nullable Object handle(Event event, Context context) throws Exception;
}
