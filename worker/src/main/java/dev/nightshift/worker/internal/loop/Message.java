package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;

/// What other threads tell the loop.
public sealed interface Message {
  /// A started attempt's handler has ended; its trace is on its way, and [AttemptEnded] follows.
  record HandlerEnded(AttemptKey attempt) implements Message {}

  /// A started attempt's queue was stopped before its thread ran: its handler does not run.
  record NotBegun(AttemptKey attempt) implements Message {}

  /// A started attempt's thread has ended, and its trace, if it has one of its own, is stored.
  record AttemptEnded(Finished finished) implements Message {}

  /// Claim nothing more, stay a member while handlers finish, hand back the rest, end within
  /// `grace`.
  record Drain(Duration grace) implements Message {}

  /// Hand back what runs and end at once.
  record HandBackNow() implements Message {}

  /// Claim nothing more, but stay; or claim again.
  record Quiet(boolean on) implements Message {}
}
