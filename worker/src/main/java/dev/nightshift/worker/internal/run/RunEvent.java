package dev.nightshift.worker.internal.run;

/// What the handlers' runtime has to report, for log lines and metrics. Listeners are called on
/// whichever thread noticed it, must be safe for use by many and must not block.
public sealed interface RunEvent {
  /// Traces cannot be stored at the moment. They are tried again until they are; their events stay
  /// unfinished and hold their slots meanwhile.
  record TracesDelayed(String reason) implements RunEvent {}

  /// All delayed traces are stored.
  record TracesFlowing() implements RunEvent {}

  /// A trace was too large for its topic and was stored without some of its parts.
  ///
  /// @param key the trace's key
  /// @param without what it was stored without
  record TraceShortened(String key, String without) implements RunEvent {}

  /// A trace that its topic would not take however small it was made: its event has none.
  record TraceGivenUp(String key, String reason) implements RunEvent {}

  /// A trace could not be built, which is a mistake of Nightshift's own; a minimal one was stored
  /// instead.
  ///
  /// @param event the event's id
  record TraceNotBuilt(String event, Throwable cause) implements RunEvent {}

  /// Handlers that never yield hold threads that others need, so their number was raised; or it was
  /// lowered again.
  record CarriersChanged(int from, int to) implements RunEvent {}
}
