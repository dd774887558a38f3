package dev.nightshift.worker.internal.log;

import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.NotWritten;
import dev.nightshift.worker.internal.log.EventLog.WriteResult.Unknown;
import dev.nightshift.worker.internal.log.Faults.Fault;
import dev.nightshift.worker.internal.log.Faults.Step;

/// How an effect in a [MemoryCluster] ended.
///
/// @param told what its caller hears
/// @param truth what happened
/// @param done whether anything was done at all
record MemoryEffect(WriteResult told, WriteResult truth, boolean done) {
  /// Does it.
  @FunctionalInterface
  interface Action {
    WriteResult run();
  }

  /// Does it, or not, as the fault says.
  static MemoryEffect of(Fault fault, String who, Step step, Action action) {
    NotWritten refused = new NotWritten(step + " was refused");
    Unknown unheard = new Unknown("no answer to " + step);
    return switch (fault) {
      case PROCEED -> {
        WriteResult result = action.run();
        yield new MemoryEffect(result, result, true);
      }
      case REFUSE -> new MemoryEffect(refused, refused, false);
      case LOSE_REQUEST -> new MemoryEffect(unheard, refused, false);
      case LOSE_ANSWER -> new MemoryEffect(unheard, action.run(), true);
      case CRASH_BEFORE -> throw new CrashError(who, "before " + step);
      case CRASH_AFTER -> {
        action.run();
        throw new CrashError(who, "after " + step);
      }
    };
  }
}
