package dev.nightshift.worker.internal.loop;

import java.time.Duration;

/// How far a stop has come. Immutable.
///
/// @param until when what still runs is handed back
/// @param end when the loop is over, whatever is not written
/// @param handedBack how many attempts were
record Drain(Phase phase, long until, long end, int handedBack) {
  /// Nobody wants the worker to stop.
  static final Drain NO = new Drain(Phase.NONE, 0, 0, 0);

  /// The steps of a stop, in this order.
  enum Phase {
    NONE,
    /// Handlers finish, nothing is claimed.
    DRAINING,
    /// What still ran was handed back; the last writes are made.
    LEAVING,
    STOPPED
  }

  boolean stopping() {
    return phase != Phase.NONE;
  }

  /// An order to stop came: the first one begins the stop, a later one can only hasten it.
  Drain ordered(Duration grace, Duration closeReserve, long now) {
    long reserve = Math.min(closeReserve.toNanos(), grace.toNanos() / 2);
    long newUntil = now + grace.toNanos() - reserve;
    // Without any grace there is still something to be written.
    long newEnd = now + Math.max(grace.toNanos(), closeReserve.toNanos());
    return stopping()
        ? new Drain(phase, Math.min(until, newUntil), Math.min(end, newEnd), handedBack)
        : new Drain(Phase.DRAINING, newUntil, newEnd, 0);
  }

  /// Whether there is no time left for anything.
  boolean over(long now) {
    return stopping() && now - end >= 0;
  }

  Drain leaving(int given) {
    return new Drain(Phase.LEAVING, until, end, given);
  }

  Drain stopped() {
    return new Drain(Phase.STOPPED, until, end, handedBack);
  }
}
