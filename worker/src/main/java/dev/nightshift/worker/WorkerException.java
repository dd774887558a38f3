package dev.nightshift.worker;

import java.util.List;

/// A worker cannot work until somebody changes something; trying again does not help. The message
/// says what failed, the value seen, what is allowed and what to do next.
public abstract sealed class WorkerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private WorkerException(String message) {
    super(message);
  }

  private WorkerException(String message, Throwable cause) {
    super(message, cause);
  }

  /// Settings are not allowed. The message has all problems.
  public static final class WrongSettings extends WorkerException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    WrongSettings(List<String> problems) {
      super("the worker's settings are wrong:\n- " + String.join("\n- ", problems));
      this.problems = List.copyOf(problems);
    }

    /// What is wrong, one problem each.
    public List<String> problems() {
      return problems;
    }
  }

  /// The handlers folder cannot be used: it is missing, holds no handlers or some that do not load.
  /// The message has all problems.
  public static final class UnusableHandlers extends WorkerException {
    private static final long serialVersionUID = 1L;

    UnusableHandlers(String message) {
      super(message);
    }

    UnusableHandlers(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Kafka cannot be used: rights are missing, settings are wrong, the brokers are too old. What
  /// ran was given up and is started again elsewhere.
  public static final class UnusableLog extends WorkerException {
    private static final long serialVersionUID = 1L;

    UnusableLog(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
