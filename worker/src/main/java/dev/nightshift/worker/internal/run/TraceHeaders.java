package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What a trace keeps of a record's headers: those with a field of their own there, and those that
/// Nightshift does not know. If they are not whole, the trace says so, see [TraceReasons]. Used by
/// one thread.
final class TraceHeaders {
  private static final int VALUE_BYTES_MAX = 1_000;
  private static final int ALL_BYTES_MAX = 16 << 10;

  /// Takes the place of bytes that are no UTF-8.
  private static final char NO_TEXT = '\uFFFD';

  private final Trace trace;
  private Map<String, String> others = Map.of();
  private int othersBytes;
  private boolean whole = true;

  private TraceHeaders(Trace trace) {
    this.trace = trace;
  }

  /// Fills in the trace's fields that headers give.
  static void into(Trace trace, Iterable<Header> headers) {
    TraceHeaders kept = new TraceHeaders(trace);
    for (Header header : headers) {
      kept.keep(header);
    }
    trace.setHeaders(kept.others);
    if (!kept.whole) {
      Traces.addReason(trace, TraceReasons.HEADERS_NOT_WHOLE);
    }
  }

  // A header's value is copied where it is asked for, so that is done for those only that are kept.
  private void keep(Header header) {
    switch (header.key()) {
      case EventHeaders.SPEC_VERSION,
          EventHeaders.ID,
          EventHeaders.TYPE,
          EventHeaders.TIME,
          EventHeaders.CANVAS,
          EventHeaders.ATTEMPT,
          EventHeaders.SUSPICION,
          EventHeaders.NOT_BEFORE,
          EventHeaders.ORIGIN,
          EventHeaders.HISTORY -> {
        // the trace has these from the event, or they are about the next attempt
      }
      default -> {
        byte @Nullable [] value = header.value();
        if (value == null) {
          whole = false;
        } else {
          keep(header.key(), value);
        }
      }
    }
  }

  private void keep(String name, byte[] value) {
    switch (name) {
      case EventHeaders.SOURCE -> trace.setSource(text(value));
      case EventHeaders.CAUSE -> trace.setCause(text(value));
      case EventHeaders.TRACE_PARENT -> trace.setTraceParent(text(value));
      case EventHeaders.CONTENT_TYPE -> trace.setContentType(text(value));
      default -> keepOther(name, value);
    }
  }

  private void keepOther(String name, byte[] value) {
    int bytes = name.length() + Math.min(value.length, VALUE_BYTES_MAX);
    if (othersBytes + bytes > ALL_BYTES_MAX) {
      whole = false;
      return;
    }
    othersBytes += bytes;
    if (others.isEmpty()) {
      others = new HashMap<>();
    }
    String text = text(value);
    whole &= others.put(name, text) == null;
  }

  private String text(byte[] value) {
    String text = new String(value, 0, Math.min(value.length, VALUE_BYTES_MAX), UTF_8);
    whole &= value.length <= VALUE_BYTES_MAX && text.indexOf(NO_TEXT) < 0;
    return text;
  }
}
