package dev.nightshift.worker.internal.loop;

/// What the workers of the fleet say of themselves. Each call returns at once.
public interface Peers {
  /// Whether a live worker, this one or another, has said that it has a handler of the queue.
  boolean announce(String canvas, String queue);

  /// Whether a live worker, this one or another, may have a handler of another queue of the canvas:
  /// true also while it cannot be known.
  boolean announceOther(String canvas, String queue);

  /// Asks that all be heard that has been said up to now.
  ///
  /// @return what [#answered] comes to when that has been done
  long refresh();

  /// All was heard that had been said when [#refresh] returned this number, or a smaller one.
  long answered();

  /// Tells the others how this worker is.
  void tell(Pulse pulse);
}
