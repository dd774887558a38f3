package dev.nightshift.worker.internal.log;

/// The log cannot be used until somebody changes something: rights, settings, brokers. Its message
/// says what. Trying again does not help.
public final class LogFatalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What failed and what to do.
  public LogFatalException(String message, Throwable cause) {
    super(message, cause);
  }
}
