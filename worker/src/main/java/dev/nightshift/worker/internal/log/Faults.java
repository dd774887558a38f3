package dev.nightshift.worker.internal.log;

/// What goes wrong in a [MemoryCluster]. Asked once for each effect, right before it; called on the
/// cluster's thread. It may use the cluster meanwhile, even step other members: whatever they do
/// comes before the effect.
@FunctionalInterface
public interface Faults {
  /// Nothing goes wrong.
  Faults NONE = (who, step) -> Fault.PROCEED;

  /// An effect that can fail.
  enum Step {
    /// One poll as a whole. If it is not done, nothing happens and nothing is returned.
    POLL,
    /// The call of `revoked`. Always done, unless the process dies before.
    REVOKE,
    /// Reading the ledgers of new partitions and the call of `assigned`. If it is not done, a later
    /// poll does it.
    ASSIGN,
    /// A plain commit.
    COMMIT,
    /// One record of a transaction.
    SEND,
    /// The ledgers of a transaction.
    LEDGERS,
    /// The commit of a transaction.
    END,
    /// Asking what became of a write.
    RESOLVE,
    /// One record of an emitter.
    PRODUCE
  }

  /// How it fails.
  enum Fault {
    /// It does not.
    PROCEED,
    /// Nothing is done, and the caller is told.
    REFUSE,
    /// Nothing is done, and the caller hears nothing.
    LOSE_REQUEST,
    /// It is done, and the caller hears nothing.
    LOSE_ANSWER,
    /// The process dies before.
    CRASH_BEFORE,
    /// The process dies after, having heard nothing.
    CRASH_AFTER
  }

  /// How this step goes wrong.
  ///
  /// @param who the worker, or [MemoryCluster#EMITTER]
  Fault at(String who, Step step);
}
