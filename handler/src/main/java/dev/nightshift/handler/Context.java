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

  /// Emits a child event into `queue` of the same canvas, as [#emitAt(Instant, String, String,
  /// Object)], so much later than now.
  default String emitAfter(Duration delay, String queue, @Nullable Object payload) {
    return emitAfter(delay, canvas(), queue, payload);
  }

  /// Emits a child event as [#emitAt(Instant, String, String, Object)], so much later than now.
  ///
  /// @param delay from zero, which is at once, to 366 days
  String emitAfter(Duration delay, String canvas, String queue, @Nullable Object payload);

  /// Emits a child event into `queue` of the same canvas, as [#emitAt(Instant, String, String,
  /// Object)].
  default String emitAt(Instant due, String queue, @Nullable Object payload) {
    return emitAt(due, canvas(), queue, payload);
  }

  /// Emits a child event that is due at a time: never before, and normally within a tenth of a
  /// second after, by a scheduler (`nightshift scheduler`) and its clock.
  ///
  /// It belongs to this event's completion as each child does: then it waits in Kafka until it is
  /// due, or is cancelled by its id (`nightshift event cancel`).
  ///
  /// @param due at most 366 days ahead; a time that has passed is at once
  /// @return the child's id
  /// @throws IllegalArgumentException as [#emit(String, String, Object)], and if it is too far
  ///   ahead
  /// @throws CodecException if the payload cannot be encoded
  String emitAt(Instant due, String canvas, String queue, @Nullable Object payload);

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
