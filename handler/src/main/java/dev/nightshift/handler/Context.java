package dev.nightshift.handler;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// What a handler may do besides its own work. Belongs to one attempt: usable from any thread while
/// the handler runs; after it has ended every call throws [IllegalStateException].
public interface Context {
  /// Emits a child event into `queue` of the same canvas, as [#emit(String, String, Object)].
  default String emit(String queue, @Nullable Object payload) {
    return emit(canvas(), queue, payload);
  }

  /// Emits a child event.
  ///
  /// The child belongs to this event's completion: it is stored in the same transaction, so either
  /// the event is completed *and* the child exists, or neither. If the handler throws, or is timed
  /// out, no child is emitted. The call itself only checks and remembers.
  ///
  /// @param canvas where to; it must exist
  /// @param queue where to
  /// @param payload null, bytes, text, or a value that the handler's [Codec] encodes
  /// @return the child's id
  /// @throws IllegalArgumentException if a name is wrong, the canvas is unknown or deleted, the
  ///   payload is too large, or there are too many children; the message says what is allowed
  /// @throws CodecException if the payload cannot be encoded
  String emit(String canvas, String queue, @Nullable Object payload);

  /// Adds a line to the event's trace. Lines beyond the trace's bounds are counted and dropped.
  void log(String line);

  /// Runs `work` and notes its name, duration and failure in the trace. Steps may nest. What `work`
  /// throws is rethrown.
  <T extends @Nullable Object> T step(String name, Callable<T> work) throws Exception;

  /// When the queue's time limit ends this attempt, if it has one.
  Optional<Instant> deadline();

  /// How long is left until the [#deadline], if there is one; never negative.
  Optional<Duration> timeLeft();

  /// Whether this worker has been asked to stop: what is not finished within its grace period is
  /// handed to another.
  boolean draining();

  /// The canvas of the event that runs.
  String canvas();
}
