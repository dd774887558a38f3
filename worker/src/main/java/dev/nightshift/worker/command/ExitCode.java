package dev.nightshift.worker.command;

/// How commands end, for scripts. 69 is `EX_UNAVAILABLE` of sysexits.h.
public final class ExitCode {
  /// It is done.
  public static final int DONE = 0;

  /// It failed.
  public static final int FAILED = 1;

  /// It was called wrongly; nothing was tried.
  public static final int USAGE = 2;

  /// What it is about does not exist.
  public static final int NOT_FOUND = 3;

  /// The cluster answers that it will not do it.
  public static final int REFUSED = 4;

  /// It is done, but what was waited for did not happen in time.
  public static final int WAIT_RAN_OUT = 5;

  /// A worker's grace period ran out and events were handed back.
  public static final int HANDED_BACK = 6;

  /// The cluster does not answer.
  public static final int UNREACHABLE = 69;

  /// It was interrupted, and what it had begun has come to an end: the status of SIGINT in shells.
  public static final int INTERRUPTED = 130;

  private ExitCode() {}
}
