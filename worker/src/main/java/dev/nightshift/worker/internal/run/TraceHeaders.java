package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope.Extras;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// What a trace keeps of the headers that an event has beside its own: those with a field of their
/// own there, and those that Nightshift does not know. If they are not whole, the trace says so,
/// see [TraceReasons]. Used by one thread.
final class TraceHeaders {
  /// Of a value: bytes, or characters of what was read with the event.
  private static final int VALUE_MAX = 1_000;

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
  static void into(Trace trace, Extras extras) {
    TraceHeaders kept = new TraceHeaders(trace);
    extras.source().ifPresent(source -> trace.setSource(kept.text(source)));
    extras.contentType().ifPresent(type -> trace.setContentType(kept.text(type)));
    for (Header header : extras.others()) {
      kept.keep(header);
    }
    trace.setHeaders(kept.others);
    if (!kept.whole) {
      Traces.addReason(trace, TraceReasons.HEADERS_NOT_WHOLE);
    }
  }

  private void keep(Header header) {
    byte @Nullable [] value = header.value();
    if (value == null) {
      whole = false;
      return;
    }
    switch (header.key()) {
      case EventHeaders.CAUSE -> trace.setCause(text(value));
      case EventHeaders.TRACE_PARENT -> trace.setTraceParent(text(value));
      default -> keepOther(header.key(), value);
    }
  }

  private void keepOther(String name, byte[] value) {
    int bytes = name.length() + Math.min(value.length, VALUE_MAX);
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
    whole &= value.length <= VALUE_MAX;
    return text(new String(value, 0, Math.min(value.length, VALUE_MAX), UTF_8));
  }

  private String text(String value) {
    whole &= value.length() <= VALUE_MAX && value.indexOf(NO_TEXT) < 0;
    return value.substring(0, Math.min(value.length(), VALUE_MAX));
  }
}
