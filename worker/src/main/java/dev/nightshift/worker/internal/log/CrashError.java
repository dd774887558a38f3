package dev.nightshift.worker.internal.log;

/// A simulated process died here; thrown again by whatever its [MemoryLog] is asked afterwards. An
/// error, because no code that a crash passes through may catch it.
public final class CrashError extends Error {
  private static final long serialVersionUID = 1L;

  /// The death of `who`.
  public CrashError(String who, String where) {
    super(who + " crashed " + where);
  }
}
