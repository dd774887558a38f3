package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.record.Trace;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;

/// What a trace keeps of a record's headers: those with a field of their own there, and those that
/// Nightshift does not know. Used by one thread.
final class TraceHeaders {
  private static final int VALUE_BYTES_MAX = 1_000;
  private static final int ALL_BYTES_MAX = 16 << 10;

  private final Trace trace;
  private Map<String, String> others = Map.of();
  private int othersBytes;

  private TraceHeaders(Trace trace) {
    this.trace = trace;
  }

  /// Fills in the trace's fields that headers give.
  static void into(Trace trace, Iterable<Header> headers) {
    TraceHeaders kept = new TraceHeaders(trace);
    for (Header header : headers) {
      if (header.value() != null) {
        kept.keep(header.key(), header.value());
      }
    }
    trace.setHeaders(kept.others);
  }

  private void keep(String name, byte[] value) {
    switch (name) {
      case EventHeaders.SOURCE -> trace.setSource(text(value));
      case EventHeaders.CAUSE -> trace.setCause(text(value));
      case EventHeaders.TRACE_PARENT -> trace.setTraceParent(text(value));
      case EventHeaders.CONTENT_TYPE -> trace.setContentType(text(value));
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
      default -> keepOther(name, value);
    }
  }

  private void keepOther(String name, byte[] value) {
    int bytes = name.length() + Math.min(value.length, VALUE_BYTES_MAX);
    if (othersBytes + bytes <= ALL_BYTES_MAX) {
      othersBytes += bytes;
      if (others.isEmpty()) {
        others = new HashMap<>();
      }
      others.put(name, text(value));
    }
  }

  private static String text(byte[] value) {
    return new String(value, 0, Math.min(value.length, VALUE_BYTES_MAX), UTF_8);
  }
}
