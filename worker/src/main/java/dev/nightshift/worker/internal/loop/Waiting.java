package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;

/// An event that was read and waits for a free slot.
///
/// @param partition where its record is
/// @param canvas the canvas that it belongs to
/// @param bytes what it takes in memory while it waits, roughly
/// @param stays whether its lane has refused it, so it waits where it is
record Waiting(Partition partition, Canvas canvas, EventEnvelope event, int bytes, boolean stays) {
  private static final int BESIDE_PAYLOAD_BYTES = 200;

  Waiting(Partition partition, Canvas canvas, EventEnvelope event) {
    this(partition, canvas, event, bytes(event), false);
  }

  Waiting staying() {
    return new Waiting(partition, canvas, event, bytes, true);
  }

  /// The same event, of the canvas that it is known to belong to by now.
  Waiting of(Canvas known) {
    return new Waiting(partition, known, event, bytes, stays);
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
