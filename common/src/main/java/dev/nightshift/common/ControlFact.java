package dev.nightshift.common;

/// What one record of the control log says. Immutable. The last one of a key counts.
public sealed interface ControlFact
    permits Canvas, Concurrency, ControlFact.OfQueue, Flag, LiftedFlag, ScaleBounds {
  /// The key of its record in the control log.
  String key();

  /// What is said of one queue of one generation of a canvas, and goes with that.
  sealed interface OfQueue extends ControlFact permits Breaker, Killer, Lane, Limit {
    /// The queue's canvas.
    String canvas();

    /// Of the canvas.
    int generation();

    /// The queue.
    String queue();

    /// Whether the queue is one of exactly this canvas.
    default boolean isOf(Canvas owner) {
      return generation() == owner.generation() && canvas().equals(owner.name());
    }
  }
}
