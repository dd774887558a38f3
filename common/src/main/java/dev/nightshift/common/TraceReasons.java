package dev.nightshift.common;

import dev.nightshift.common.record.Trace;
import org.jspecify.annotations.Nullable;

/// What the reason of a trace says of the trace itself, and programs go by: writers and readers
/// must agree on it. A reason may say several things. Pure; safe for use by many threads.
public final class TraceReasons {
  /// All that there is, as the whole trace could not be built: no payload and no headers are in it.
  public static final String NOT_BUILT = "the trace could not be built; the worker's log says why";

  /// Some of the record's headers were cut, changed or left out.
  public static final String HEADERS_NOT_WHOLE =
      "the trace has not all headers as they were: they are too large, twice there, or no text";

  private static final String HEADERS = "headers";

  private TraceReasons() {}

  /// A part was taken out of a trace that was too large.
  ///
  /// @param part what, such as `logs`; for headers exactly `headers`
  public static String lost(String part) {
    return "the trace was too large and lost its " + part;
  }

  /// Whether neither the event's payload nor its headers are in it, as it could not be built.
  public static boolean isNotBuilt(Trace trace) {
    return says(trace, NOT_BUILT);
  }

  /// Whether it has all headers that have no meaning to Nightshift, and those that the emitter gave
  /// with one, exactly as the record had them.
  public static boolean hasAllHeaders(Trace trace) {
    return !isNotBuilt(trace) && !says(trace, HEADERS_NOT_WHOLE) && !says(trace, lost(HEADERS));
  }

  private static boolean says(Trace trace, String what) {
    @Nullable String reason = trace.getReason();
    return reason != null && reason.contains(what);
  }
}
