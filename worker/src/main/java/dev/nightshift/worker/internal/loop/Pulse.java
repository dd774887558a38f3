package dev.nightshift.worker.internal.loop;

import java.util.OptionalInt;

/// How a loop is, for others to see. Immutable.
///
/// @param controlOffset it acts by all that stands below this offset of the control topic
/// @param slots how many handlers it runs at once, at most
/// @param running handlers
/// @param waiting events that wait for a slot
/// @param partitions how many partitions it has; empty as long as it has not joined the group
/// @param leads whether it has the first partition of the retry topic, and so does what one worker
///   does for all
public record Pulse(
    long controlOffset,
    int slots,
    int running,
    int waiting,
    OptionalInt partitions,
    boolean leads,
    State state) {
  /// What a loop tells that has not begun.
  public static final Pulse NONE = new Pulse(0, 0, 0, 0, OptionalInt.empty(), false, State.RUNNING);

  /// The same with another number of slots.
  public Pulse withSlots(int slots) {
    return new Pulse(controlOffset, slots, running, waiting, partitions, leads, state);
  }

  /// What it does with new events.
  public enum State {
    RUNNING,
    /// Claims nothing more, until told otherwise.
    QUIET,
    /// Claims nothing more, for good.
    DRAINING
  }
}
