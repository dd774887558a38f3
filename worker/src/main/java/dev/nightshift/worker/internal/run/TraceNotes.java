package dev.nightshift.worker.internal.run;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import dev.nightshift.worker.internal.run.AttemptLimits.TraceLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.utils.Utils;

/// What a handler notes for its trace: log lines and steps, within their bounds. Guarded by the
/// attempt's context.
final class TraceNotes {
  private static final int LINE_CHARS_MAX = 4_000;
  private static final String RUNNING = "still running when the handler ended";
  private static final int STEP_NAME_CHARS_MAX = 200;

  private final TraceLimits limits;
  private final List<TraceLog> logs = new ArrayList<>();
  private final List<TraceStep> steps = new ArrayList<>();
  private int logBytes;
  private int logsDropped;
  private int stepsDropped;

  TraceNotes(TraceLimits limits) {
    this.limits = limits;
  }

  void log(Instant at, String text) {
    String line = Texts.cut(text, LINE_CHARS_MAX);
    int bytes = Utils.utf8Length(line);
    if (logs.size() < limits.logLinesMax() && logBytes + bytes <= limits.logBytesMax()) {
      logs.add(new TraceLog(at, line));
      logBytes += bytes;
    } else {
      logsDropped++;
    }
  }

  /// Notes that a step begins.
  ///
  /// @return the step, to be given to [#end]; empty if there are too many
  Optional<TraceStep> begin(String name, int depth, Instant at) {
    if (steps.size() == limits.stepsMax()) {
      stepsDropped++;
      return Optional.empty();
    }
    TraceStep step = new TraceStep(Texts.cut(name, STEP_NAME_CHARS_MAX), depth, at, 0L, RUNNING);
    steps.add(step);
    return Optional.of(step);
  }

  /// Notes that a step ended.
  ///
  /// @param error what it threw
  static void end(TraceStep step, Instant at, Optional<String> error) {
    step.setMicros(microsUntil(step, at));
    step.setError(error.orElse(null));
  }

  /// Puts everything into the trace. Steps may still run, on other threads.
  void into(Trace trace, Instant at) {
    for (TraceStep step : steps) {
      if (RUNNING.equals(step.getError())) {
        step.setMicros(microsUntil(step, at));
      }
    }
    trace.setLogs(logs);
    trace.setLogsDropped(logsDropped);
    trace.setSteps(steps);
    trace.setStepsDropped(stepsDropped);
  }

  private static long microsUntil(TraceStep step, Instant at) {
    return Math.max(0, Duration.between(step.getStartedAt(), at).toNanos() / 1_000);
  }
}
