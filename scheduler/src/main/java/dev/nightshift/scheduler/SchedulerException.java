package dev.nightshift.scheduler;

/// A scheduler cannot go on; it is to be started again. The message says why.
public final class SchedulerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchedulerException(String message, Throwable cause) {
    super(message, cause);
  }
}
