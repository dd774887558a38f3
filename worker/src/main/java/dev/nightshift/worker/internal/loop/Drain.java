package dev.nightshift.worker.internal.loop;

import java.time.Duration;

/// How far a worker that must stop has come. Immutable. Its times are monotonic, in nanoseconds.
///
/// @param until when what still runs is handed back
/// @param end when the loop is over, whatever is not written
/// @param handedBack how many attempts were
record Drain(Phase phase, long until, long end, int handedBack) {
  static final Drain NO = new Drain(Phase.NONE, 0, 0, 0);

  /// How far.
  enum Phase {
    NONE,
    DRAINING,
    LEAVING,
    STOPPED
  }

  /// A stop that begins now.
  ///
  /// @param grace how long handlers and the last write may take together
  /// @param reserve what of it is kept for the last write; without any grace there is still
  ///   something to be written
  static Drain within(Duration grace, Duration reserve, long nowNanos) {
    long kept = Math.min(reserve.toNanos(), grace.toNanos() / 2);
    long until = nowNanos + grace.toNanos() - kept;
    long end = nowNanos + Math.max(grace.toNanos(), reserve.toNanos());
    return new Drain(Phase.DRAINING, until, end, 0);
  }

  boolean stopping() {
    return phase != Phase.NONE;
  }

  /// The same stop, by the times of another order where they come first.
  Drain notAfter(Drain order) {
    return new Drain(phase, Math.min(until, order.until), Math.min(end, order.end), handedBack);
  }

  Drain to(Phase next, int given) {
    return new Drain(next, until, end, given);
  }
}
