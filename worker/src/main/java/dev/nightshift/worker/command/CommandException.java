package dev.nightshift.worker.command;

/// A command failed, and it is known why. The message, which is printed as it is, says what failed,
/// the value seen, what is allowed and what to do next.
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  /// @param exitCode one of [ExitCode]
  public CommandException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
