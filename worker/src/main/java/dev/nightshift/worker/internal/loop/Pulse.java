package dev.nightshift.worker.internal.loop;

/// How a loop is, for others to see. Immutable.
///
/// @param controlOffset it acts by all that stands below this offset of the control topic
/// @param running handlers
public record Pulse(long controlOffset, int running, State state) {
  /// What it does with new events.
  public enum State {
    RUNNING,
    /// Claims nothing more, until told otherwise.
    QUIET,
    /// Claims nothing more, for good.
    DRAINING
  }
}
