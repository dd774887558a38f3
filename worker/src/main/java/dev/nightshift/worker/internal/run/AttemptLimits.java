package dev.nightshift.worker.internal.run;

/// How much one attempt may leave behind. All byte counts are of UTF-8 where they are of text.
///
/// @param trace bounds of its trace; what is beyond them is cut off or counted
/// @param children bounds of what it emits; what is beyond them is refused
public record AttemptLimits(TraceLimits trace, ChildLimits children) {
  /// The bounds unless a fleet says otherwise.
  public static final AttemptLimits STANDARD =
      new AttemptLimits(
          new TraceLimits(32 << 10, 16 << 10, 1_000, 64 << 10, 200, 16 << 10, 255 << 10),
          new ChildLimits(1_000, 8 << 20, (1 << 20) - 1_024));

  /// Bounds of a trace.
  ///
  /// @param inputBytesMax of the payload
  /// @param resultBytesMax of the result
  /// @param logLinesMax lines that a handler logs
  /// @param logBytesMax all of these lines together
  /// @param stepsMax steps
  /// @param stackCharsMax of an exception's stack trace
  /// @param traceBytesMax the whole trace record; to fit, it gives up its parts one by one, as
  ///   [TraceCut] lists them
  public record TraceLimits(
      int inputBytesMax,
      int resultBytesMax,
      int logLinesMax,
      int logBytesMax,
      int stepsMax,
      int stackCharsMax,
      int traceBytesMax) {}

  /// Bounds of an attempt's child events.
  ///
  /// @param countMax how many
  /// @param totalBytesMax all their records together
  /// @param recordBytesMax one record with its headers; the default leaves room below the 1 MiB
  ///   that brokers and producers take unless told otherwise
  public record ChildLimits(int countMax, long totalBytesMax, int recordBytesMax) {}
}
