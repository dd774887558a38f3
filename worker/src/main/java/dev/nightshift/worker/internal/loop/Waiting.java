package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;

/// An event that was read and waits for a free slot.
///
/// @param partition where its record is
/// @param canvas the canvas that it belongs to
/// @param stays whether its lane has refused it, so it waits where it is
record Waiting(Partition partition, Canvas canvas, EventEnvelope event, boolean stays) {
  Waiting(Partition partition, Canvas canvas, EventEnvelope event) {
    this(partition, canvas, event, false);
  }

  Waiting staying() {
    return new Waiting(partition, canvas, event, true);
  }

  long offset() {
    return event.record().offset();
  }

  /// What it takes in memory while it waits, roughly.
  int bytes() {
    return 200
        + Math.max(0, event.record().serializedKeySize())
        + Math.max(0, event.record().serializedValueSize());
  }
}
