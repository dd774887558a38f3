package dev.nightshift.common;

import java.time.Instant;
import java.util.Set;

/// What a worker said of itself. Immutable.
///
/// @param state `running`, `quiet` (claims nothing more) or `draining`; or what others make of it,
///   see [WorkersView#lately]
/// @param slots how many handlers it runs at once
/// @param controlOffset it acts by all that stands below this offset of the control topic
/// @param handlers what it has handlers for
/// @param version of Nightshift; empty if it did not say
/// @param partitions how many it has; 0 also as long as it has not joined the group
/// @param at when it said so, by the broker's clock
public record WorkerBeat(
    String worker,
    String host,
    String state,
    Instant startedAt,
    int slots,
    int running,
    long controlOffset,
    Set<QueueName> handlers,
    String version,
    int partitions,
    Instant at) {
  /// Keeps a copy.
  public WorkerBeat {
    handlers = Set.copyOf(handlers);
  }

  /// The same in another state.
  WorkerBeat in(String other) {
    return new WorkerBeat(
        worker,
        host,
        other,
        startedAt,
        slots,
        running,
        controlOffset,
        handlers,
        version,
        partitions,
        at);
  }

  /// Whether it had said nothing for too long when it was looked at.
  public boolean silent() {
    return state.equals(WorkersView.SILENT);
  }
}
