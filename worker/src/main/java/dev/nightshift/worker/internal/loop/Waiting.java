package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import java.util.OptionalLong;

/// An event that was read and waits for a free slot.
///
/// @param partition where its record is
/// @param canvas the canvas that it belongs to
/// @param bytes what it takes in memory while it waits, roughly
/// @param staysSince since when it waits where it is, as its lane has refused it, in nanoseconds of
///   a monotonic clock; empty if that has not
record Waiting(
    Partition partition, Canvas canvas, EventEnvelope event, int bytes, OptionalLong staysSince) {
  private static final int BESIDE_PAYLOAD_BYTES = 200;

  Waiting(Partition partition, Canvas canvas, EventEnvelope event) {
    this(partition, canvas, event, bytes(event), OptionalLong.empty());
  }

  Waiting stayingSince(long nanos) {
    return new Waiting(partition, canvas, event, bytes, OptionalLong.of(nanos));
  }

  boolean stays() {
    return staysSince.isPresent();
  }

  /// The same event, of the canvas that it is known to belong to by now.
  Waiting of(Canvas known) {
    return new Waiting(partition, known, event, bytes, staysSince);
  }

  long offset() {
    return event.record().offset();
  }

  private static int bytes(EventEnvelope event) {
    return BESIDE_PAYLOAD_BYTES
        + event.extras().bytes()
        + Math.max(0, event.record().serializedKeySize())
        + Math.max(0, event.record().serializedValueSize());
  }
}
