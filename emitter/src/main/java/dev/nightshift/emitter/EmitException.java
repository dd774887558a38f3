package dev.nightshift.emitter;

/// An event was not emitted, or it is not known whether it was. The message says what failed, the
/// value seen, what is allowed and what to do next.
public abstract sealed class EmitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private EmitException(String message) {
    super(message);
  }

  private EmitException(String message, Throwable cause) {
    super(message, cause);
  }

  /// A name, id or header is not allowed.
  public static final class InvalidEvent extends EmitException {
    private static final long serialVersionUID = 1L;

    InvalidEvent(String message) {
      super(message);
    }
  }

  /// The payload is larger than is allowed here or by Kafka. Nothing was stored.
  public static final class PayloadTooLarge extends EmitException {
    private static final long serialVersionUID = 1L;

    PayloadTooLarge(String message) {
      super(message);
    }
  }

  /// There is no such canvas and this emitter may not create it.
  public static final class UnknownCanvas extends EmitException {
    private static final long serialVersionUID = 1L;

    UnknownCanvas(String message) {
      super(message);
    }
  }

  /// The canvas was deleted.
  public static final class CanvasDeleted extends EmitException {
    private static final long serialVersionUID = 1L;

    CanvasDeleted(String message) {
      super(message);
    }
  }

  /// Too much waits to be acknowledged.
  public static final class BufferFull extends EmitException {
    private static final long serialVersionUID = 1L;

    BufferFull(String message) {
      super(message);
    }
  }

  /// The emitter was closed.
  public static final class Closed extends EmitException {
    private static final long serialVersionUID = 1L;

    Closed(String message) {
      super(message);
    }
  }

  /// Kafka does not take the event: a right is missing, the topic is gone, a policy forbids it.
  /// Nothing was stored, and emitting it again does not help before somebody has corrected that.
  /// (Only if the client sent it twice, the answer to the first was lost and the right was taken
  /// away in between, it may be stored after all.)
  public static final class Refused extends EmitException {
    private static final long serialVersionUID = 1L;

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The thread that emits was interrupted while it waited; it still is. Nothing was stored.
  public static final class Interrupted extends EmitException {
    private static final long serialVersionUID = 1L;

    Interrupted(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The cluster does not answer; nothing was stored.
  public static final class Unreachable extends EmitException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Kafka did not confirm: the event may or may not be stored. Emit it again with the same id.
  public static final class NotConfirmed extends EmitException {
    private static final long serialVersionUID = 1L;

    NotConfirmed(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
