package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trace for programs. Pure.
final class TraceFields {
  private TraceFields() {}

  /// What tells how an attempt ended.
  static Map<String, Object> brief(Trace trace) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", trace.getEventId());
    fields.put("canvas", trace.getCanvas());
    fields.put("queue", trace.getQueue());
    fields.put("attempt", trace.getAttempt());
    fields.put("outcome", trace.getOutcome());
    fields.put("worker", trace.getWorker());
    Instant started = trace.getStartedAt();
    if (started != null) {
      fields.put("startedAt", started.toString());
      fields.put("millis", millis(trace));
    }
    fields.put("endedAt", trace.getEndedAt().toString());
    put(fields, "reason", trace.getReason());
    TraceError error = trace.getError();
    if (error != null) {
      fields.put("errorType", error.getType());
    }
    return fields;
  }

  /// Everything.
  static Map<String, Object> all(Trace trace) {
    Map<String, Object> fields = brief(trace);
    fields.put("host", trace.getHost());
    fields.put("origin", trace.getOrigin());
    fields.put("source", trace.getSource());
    put(fields, "cause", trace.getCause());
    put(fields, "traceParent", trace.getTraceParent());
    fields.put("emittedAt", trace.getEmittedAt().toString());
    fields.put("history", trace.getHistory().lines().toList());
    put(fields, "contentType", trace.getContentType());
    fields.put("headers", trace.getHeaders());
    fields.put("input", content(trace.getInput()));
    fields.put("inputBytes", trace.getInputBytes());
    ByteBuffer result = trace.getResult();
    if (result != null) {
      put(fields, "resultContentType", trace.getResultContentType());
      fields.put("result", content(result));
      fields.put("resultBytes", trace.getResultBytes());
    }
    TraceError error = trace.getError();
    if (error != null) {
      fields.put(
          "error",
          Map.of(
              "type", error.getType(), "message", error.getMessage(), "stack", error.getStack()));
    }
    fields.put("steps", trace.getSteps().stream().map(TraceFields::step).toList());
    fields.put("logs", trace.getLogs().stream().map(TraceFields::log).toList());
    fields.put("children", trace.getChildren().stream().map(TraceFields::child).toList());
    return fields;
  }

  private static Map<String, Object> step(TraceStep step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", step.getName());
    fields.put("depth", step.getDepth());
    fields.put("startedAt", step.getStartedAt().toString());
    fields.put("micros", step.getMicros());
    put(fields, "error", step.getError());
    return fields;
  }

  private static Map<String, Object> log(TraceLog log) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", log.getAt().toString());
    fields.put("line", log.getLine());
    return fields;
  }

  private static Map<String, Object> child(TraceChild child) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("event", child.getEventId());
    fields.put("canvas", child.getCanvas());
    fields.put("queue", child.getQueue());
    return fields;
  }

  /// How long the handler ran, in milliseconds; 0 if none was started.
  static double millis(Trace trace) {
    Instant started = trace.getStartedAt();
    return started == null ? 0 : Duration.between(started, trace.getEndedAt()).toNanos() / 1e6;
  }

  private static Map<String, Object> content(ByteBuffer bytes) {
    try {
      return Map.of("text", UTF_8.newDecoder().decode(bytes.duplicate()).toString());
    } catch (CharacterCodingException e) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      return Map.of("hex", HexFormat.of().formatHex(copy));
    }
  }

  private static void put(Map<String, Object> fields, String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
  }
}
