package dev.nightshift.common.dead;

/// Something about dead letters could not be done. Every message says what failed, the value seen,
/// what is allowed and what to do next.
public abstract sealed class DeadLetterException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private DeadLetterException(String message) {
    super(message);
  }

  /// There is no such letter, or no such topic.
  public static final class NotFound extends DeadLetterException {
    private static final long serialVersionUID = 1L;

    NotFound(String message) {
      super(message);
    }
  }

  /// A name fits several letters.
  public static final class Ambiguous extends DeadLetterException {
    private static final long serialVersionUID = 1L;

    Ambiguous(String message) {
      super(message);
    }
  }

  /// Somebody else began to redrive or discard: only one may be at it. What was done stays done.
  public static final class Overtaken extends DeadLetterException {
    private static final long serialVersionUID = 1L;

    Overtaken() {
      super(
          "somebody else began to redrive or discard dead letters of this fleet, or this process"
              + " stood still for 10 s; only one can be at it, so this one stopped. What it did is"
              + " done and is not done again. See what is left with: nightshift dead list");
    }
  }
}
