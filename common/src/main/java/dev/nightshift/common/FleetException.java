package dev.nightshift.common;

/// Something about the fleet's topics or canvases could not be done. Every message says what
/// failed, the value seen, what is allowed and what to do next.
public abstract sealed class FleetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private FleetException(String message) {
    super(message);
  }

  private FleetException(String message, Throwable cause) {
    super(message, cause);
  }

  /// The cluster did not answer in time. What was asked for may or may not have been done; it is
  /// safe to ask again.
  public static final class Unreachable extends FleetException {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The fleet's control topic does not exist on this cluster.
  public static final class NotInitialized extends FleetException {
    private static final long serialVersionUID = 1L;

    NotInitialized(String message) {
      super(message);
    }
  }

  /// The cluster answered that it will not do it: no right, a policy, a setting that it does not
  /// take. Asking again does not help.
  public static final class Refused extends FleetException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }

    Refused(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// A topic that is there already is set in a way that loses events or records. The message says
  /// which command of Kafka's corrects it; this process does not, as somebody chose that setting.
  public static final class UnsuitableTopic extends FleetException {
    private static final long serialVersionUID = 1L;

    UnsuitableTopic(String message) {
      super(message);
    }
  }

  /// A value is not allowed, whatever the cluster.
  public static final class InvalidValue extends FleetException {
    private static final long serialVersionUID = 1L;

    InvalidValue(String message) {
      super(message);
    }
  }

  /// A canvas of that name cannot be.
  public static final class InvalidName extends FleetException {
    private static final long serialVersionUID = 1L;

    InvalidName(String message) {
      super(message);
    }
  }

  /// There is no such canvas.
  public static final class UnknownCanvas extends FleetException {
    private static final long serialVersionUID = 1L;

    UnknownCanvas(String message) {
      super(message);
    }
  }
}
