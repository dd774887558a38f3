package dev.nightshift.worker.internal.run;

import java.time.Duration;
import java.util.Optional;

/// Runs handlers. The loop's thread calls it; it tells [Ends] how each started attempt ends. This
/// is the seam at which attempts may run in another process (quarantine) or another language.
public interface Attempts {
  /// Why an attempt's thread is interrupted.
  enum Interruption {
    /// The queue's time limit is over; the outcome will be `timed_out`.
    TIME_LIMIT,
    /// The event was handed back; nobody will look at the outcome.
    HAND_BACK
  }

  /// Is told how attempts end, from any thread. Must not block.
  interface Ends {
    /// The handler has ended, and its trace is being stored. May come late, after [#attemptEnded].
    /// Who has no slots need not listen.
    default void handlerEnded(AttemptKey attempt) {}

    /// The attempt's queue was paused or blocked before its thread ran: nothing of the handler has
    /// run, and nothing will. Called instead of [#attemptEnded]. Who knows no flags need not
    /// listen.
    default void notBegun(AttemptKey attempt) {
      throw new IllegalStateException(
          "the queue of " + attempt + " is stopped, which nobody can know");
    }

    /// The attempt has ended. Called exactly once for each that was started and begun.
    void attemptEnded(Finished finished);
  }

  /// Whether there is a handler for that queue.
  boolean handles(String canvas, String queue);

  /// How long an attempt of that queue may run; empty for no limit.
  Optional<Duration> timeLimit(String canvas, String queue);

  /// An attempt that was started. Safe for use by many threads.
  interface Running {
    /// Interrupts its thread if the handler still runs; else nothing happens. Its end follows when
    /// the thread has ended. May be called again: a hand-back is never taken back.
    void interrupt(Interruption why);
  }

  /// Starts an attempt and returns at once. The handler runs on a virtual thread of its own, unless
  /// its queue is stopped when that thread gets to run: where handlers take all processors that may
  /// be much later. Only for queues that it [#handles].
  Running start(AttemptSpec spec);

  /// Tells running handlers that the worker drains; never taken back.
  void drain();
}
