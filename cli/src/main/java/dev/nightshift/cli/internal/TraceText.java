package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A trace as text for people. Pure.
public final class TraceText {
  private TraceText() {}

  /// Several lines.
  public static String of(Trace trace) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "event %s  %s/%s  attempt %d  %s"
            .formatted(
                trace.getEventId(),
                trace.getCanvas(),
                trace.getQueue(),
                trace.getAttempt(),
                trace.getOutcome()));
    line(lines, "origin", trace.getOrigin());
    line(lines, "source", trace.getSource());
    line(lines, "caused by", trace.getCause());
    line(lines, "worker", trace.getWorker() + " on " + trace.getHost());
    times(lines, trace);
    line(lines, "reason", trace.getReason());
    for (String lost : trace.getHistory().lines().toList()) {
      line(lines, "before", "attempt " + lost);
    }
    line(lines, "input", trace.getInputBytes() + " bytes: " + text(trace.getInput()));
    ByteBuffer result = trace.getResult();
    if (result != null) {
      line(lines, "result", text(result));
    }
    TraceError error = trace.getError();
    if (error != null) {
      line(lines, "error", error.getType() + ": " + error.getMessage());
      error.getStack().lines().forEach(frame -> lines.add("    " + frame));
    }
    for (TraceStep step : trace.getSteps()) {
      line(
          lines,
          "step",
          "  ".repeat(step.getDepth())
              + step.getName()
              + "  "
              + millis(Duration.ofNanos(step.getMicros() * 1_000))
              + (step.getError() == null ? "" : "  failed: " + step.getError()));
    }
    for (TraceLog log : trace.getLogs()) {
      line(lines, "log", log.getAt() + "  " + log.getLine());
    }
    for (TraceChild child : trace.getChildren()) {
      line(lines, "child", child.getEventId() + "  " + child.getCanvas() + "/" + child.getQueue());
    }
    return String.join("\n", lines);
  }

  /// How an attempt ended, in a line.
  static String brief(Trace trace) {
    Instant started = trace.getStartedAt();
    String reason = trace.getReason();
    TraceError error = trace.getError();
    return "attempt %d  %s  %s on %s%s%s"
        .formatted(
            trace.getAttempt(),
            trace.getOutcome(),
            trace.getEndedAt(),
            trace.getWorker(),
            started == null
                ? ""
                : "  after " + millis(Duration.between(started, trace.getEndedAt())),
            error != null ? "  " + error.getType() : reason == null ? "" : "  " + reason);
  }

  private static void times(List<String> lines, Trace trace) {
    Instant emitted = trace.getEmittedAt();
    line(lines, "emitted", emitted.toString());
    Instant started = trace.getStartedAt();
    if (started != null) {
      line(
          lines,
          "started",
          started + "  (" + millis(Duration.between(emitted, started)) + " later)");
    }
    Instant from = started == null ? emitted : started;
    line(
        lines,
        "ended",
        trace.getEndedAt()
            + "  ("
            + millis(Duration.between(from, trace.getEndedAt()))
            + " later)");
  }

  private static void line(List<String> lines, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      lines.add("  %-10s %s".formatted(name, value));
    }
  }

  private static String millis(Duration duration) {
    return millis(duration.toNanos() / 1e6);
  }

  /// `5.1 ms`.
  static String millis(double millis) {
    return String.format(Locale.ROOT, "%.1f ms", millis);
  }

  private static String text(ByteBuffer bytes) {
    String text = UTF_8.decode(bytes.duplicate()).toString();
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
