package dev.nightshift.common;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes traces field by field, in the order of their schema. One is written for each event, and
/// Avro's own writer, which asks the schema at each field, takes three times as long. A test holds
/// the two to the same bytes, so a field that is added has to be added here. Pure.
final class TraceWriter implements RecordBytes.Writer<Trace> {
  private static final int NULL = 0;
  private static final int VALUE = 1;

  @Override
  public void write(Trace trace, RecordBytes out) throws IOException {
    out.writeName(trace.getCanvas());
    out.writeName(trace.getQueue());
    out.writeString(trace.getEventId());
    out.writeInt(trace.getAttempt());
    out.writeName(trace.getOutcome());
    out.writeName(trace.getWorker());
    out.writeName(trace.getHost());
    out.writeString(trace.getOrigin());
    out.writeName(trace.getSource());
    optional(trace.getCause(), out);
    optional(trace.getTraceParent(), out);
    instant(trace.getEmittedAt(), out);
    optional(trace.getStartedAt(), out);
    instant(trace.getEndedAt(), out);
    optionalName(trace.getContentType(), out);
    out.writeBytes(trace.getInput());
    out.writeInt(trace.getInputBytes());
    headers(trace.getHeaders(), out);
    optional(trace.getResultContentType(), out);
    optional(trace.getResult(), out);
    out.writeInt(trace.getResultBytes());
    optional(trace.getError(), out);
    optional(trace.getReason(), out);
    array(trace.getLogs(), TraceWriter::log, out);
    out.writeInt(trace.getLogsDropped());
    array(trace.getSteps(), TraceWriter::step, out);
    out.writeInt(trace.getStepsDropped());
    array(trace.getChildren(), TraceWriter::child, out);
    out.writeString(trace.getHistory());
  }

  private static void headers(Map<String, String> headers, RecordBytes out) throws IOException {
    out.writeMapStart();
    out.setItemCount(headers.size());
    for (Map.Entry<String, String> header : headers.entrySet()) {
      out.startItem();
      out.writeString(header.getKey());
      out.writeString(header.getValue());
    }
    out.writeMapEnd();
  }

  private static void log(TraceLog log, RecordBytes out) throws IOException {
    instant(log.getAt(), out);
    out.writeString(log.getLine());
  }

  private static void step(TraceStep step, RecordBytes out) throws IOException {
    out.writeString(step.getName());
    out.writeInt(step.getDepth());
    instant(step.getStartedAt(), out);
    out.writeLong(step.getMicros());
    optional(step.getError(), out);
  }

  private static void child(TraceChild child, RecordBytes out) throws IOException {
    out.writeString(child.getCanvas());
    out.writeString(child.getQueue());
    out.writeString(child.getEventId());
  }

  private static void optional(@Nullable TraceError error, RecordBytes out) throws IOException {
    out.writeIndex(error == null ? NULL : VALUE);
    if (error != null) {
      out.writeString(error.getType());
      out.writeString(error.getMessage());
      out.writeString(error.getStack());
    }
  }

  private static void optional(@Nullable String text, RecordBytes out) throws IOException {
    out.writeIndex(text == null ? NULL : VALUE);
    if (text != null) {
      out.writeString(text);
    }
  }

  private static void optionalName(@Nullable String name, RecordBytes out) throws IOException {
    out.writeIndex(name == null ? NULL : VALUE);
    if (name != null) {
      out.writeName(name);
    }
  }

  private static void optional(@Nullable ByteBuffer bytes, RecordBytes out) throws IOException {
    out.writeIndex(bytes == null ? NULL : VALUE);
    if (bytes != null) {
      out.writeBytes(bytes);
    }
  }

  private static void optional(@Nullable Instant at, RecordBytes out) throws IOException {
    out.writeIndex(at == null ? NULL : VALUE);
    if (at != null) {
      instant(at, out);
    }
  }

  // As Avro's TimestampMicrosConversion: rounded towards the past.
  private static void instant(Instant at, RecordBytes out) throws IOException {
    long micros = TimeUnit.SECONDS.toMicros(at.getEpochSecond());
    out.writeLong(Math.addExact(micros, TimeUnit.NANOSECONDS.toMicros(at.getNano())));
  }

  private interface Item<T> {
    void write(T item, RecordBytes out) throws IOException;
  }

  private static <T> void array(List<T> items, Item<T> item, RecordBytes out) throws IOException {
    out.writeArrayStart();
    out.setItemCount(items.size());
    for (T each : items) {
      out.startItem();
      item.write(each, out);
    }
    out.writeArrayEnd();
  }
}
