package dev.nightshift.worker.internal.loop;

/// How a loop is, for others to see. Immutable.
///
/// @param controlOffset it acts by all that stands below this offset of the control topic
/// @param running handlers
/// @param waiting events that wait for a slot
/// @param partitions how many partitions it has; -1 as long as it has not joined the group
public record Pulse(long controlOffset, int running, int waiting, int partitions, State state) {
  /// What a loop tells that has not begun.
  public static final Pulse NONE = new Pulse(0, 0, 0, -1, State.RUNNING);

  /// What it does with new events.
  public enum State {
    RUNNING,
    /// Claims nothing more, until told otherwise.
    QUIET,
    /// Claims nothing more, for good.
    DRAINING
  }
}
