package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.worker.internal.run.AttemptLimits.TraceLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a handler's call ended, as far as the call itself tells.
///
/// @param result what it returned, if that has bytes
/// @param error what it threw
/// @param reason what else is to be said
record Ending(
    Outcome outcome,
    Optional<Content> result,
    Optional<TraceError> error,
    Optional<String> reason) {

  /// The handler returned. A result that cannot be written as bytes is no failure of the event.
  static Ending returned(@Nullable Object value, Codecs codecs, Consumer<Throwable> fatal) {
    if (value == null) {
      return new Ending(Outcome.COMPLETED, Optional.empty(), Optional.empty(), Optional.empty());
    }
    Optional<Content> result = Optional.empty();
    Optional<String> reason = Optional.empty();
    try {
      result = Content.of(value, codecs).or(() -> Optional.of(Content.text(value.toString())));
    } catch (Throwable thrown) { // codecs and toString are the handler's
      endProcessIfFatal(thrown, fatal);
      reason = Optional.of("the result could not be stored: " + ErrorText.brief(thrown));
    }
    return new Ending(Outcome.COMPLETED, result, Optional.empty(), reason);
  }

  /// The handler threw: the one table of throwables and outcomes.
  ///
  /// | thrown | outcome |
  /// |---|---|
  /// | any exception, checked or not | errored |
  /// | StackOverflowError: the stack is free again | errored |
  /// | other VirtualMachineErrors: out of memory, internal | the process ends |
  /// | any other Error: assertions, linkage | errored |
  ///
  /// (An attempt whose time limit was over is `timed_out` whatever it threw or returned; the caller
  /// knows.)
  ///
  /// @param fatal ends the process
  static Ending threw(Throwable thrown, TraceLimits limits, Consumer<Throwable> fatal) {
    endProcessIfFatal(thrown, fatal);
    TraceError error = ErrorText.of(thrown, limits.stackCharsMax());
    return new Ending(Outcome.ERRORED, Optional.empty(), Optional.of(error), Optional.empty());
  }

  /// Ends the process if the JVM cannot be trusted any more after `thrown`.
  static void endProcessIfFatal(Throwable thrown, Consumer<Throwable> fatal) {
    if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
      fatal.accept(thrown);
    }
  }

  /// The same, but the attempt's time limit was over before.
  Ending afterTimeLimit(Optional<Duration> limit) {
    String over =
        limit.map(l -> "the time limit of " + Durations.text(l)).orElse("its time limit")
            + " was over";
    String all = reason.map(said -> over + "; " + said).orElse(over);
    return new Ending(Outcome.TIMED_OUT, result, error, Optional.of(all));
  }

  /// Puts it into the attempt's trace.
  void into(Trace trace, TraceLimits limits) {
    trace.setOutcome(outcome.label());
    error.ifPresent(trace::setError);
    reason.ifPresent(why -> Traces.addReason(trace, why));
    if (result.isPresent()) {
      byte[] bytes = result.get().bytes();
      int kept = Math.min(bytes.length, limits.resultBytesMax());
      // Of a large one the rest would be kept as long as the trace waits to be stored.
      trace.setResult(ByteBuffer.wrap(kept < bytes.length ? Arrays.copyOf(bytes, kept) : bytes));
      trace.setResultBytes(bytes.length);
      result.get().contentType().ifPresent(trace::setResultContentType);
    }
  }
}
