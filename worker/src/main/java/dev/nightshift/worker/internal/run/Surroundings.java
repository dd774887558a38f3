package dev.nightshift.worker.internal.run;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Flags;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What an attempt needs of its worker. Shared by all attempts, safe for use by many threads.
final class Surroundings {
  private final RunSetup setup;
  private final Supplier<ControlView> control;
  private final TraceStore traceStore;
  private final Attempts.Ends ends;
  private final Traces traces;

  /// Written by the loop's thread, read by handlers' threads.
  private volatile boolean draining;

  /// @param ends told the ends of attempts; never blocks
  Surroundings(
      RunSetup setup, Supplier<ControlView> control, TraceStore traceStore, Attempts.Ends ends) {
    this.setup = setup;
    this.control = control;
    this.traceStore = traceStore;
    this.ends = ends;
    this.traces = new Traces(setup.worker(), setup.limits().trace());
  }

  Instant now() {
    return setup.clock().instant();
  }

  TopicPlan topics() {
    return setup.topics();
  }

  AttemptLimits limits() {
    return setup.limits();
  }

  /// Whether an attempt that emitted nothing leaves a trace.
  boolean keepsTrace(Outcome outcome) {
    return setup.traces().keeps(outcome == Outcome.COMPLETED);
  }

  Supplier<ControlView> control() {
    return control;
  }

  TraceStore traceStore() {
    return traceStore;
  }

  Traces traces() {
    return traces;
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
  }

  /// Whether the event's queue is paused or blocked by now.
  boolean stops(AttemptSpec spec) {
    Flags flags = control.get().flags();
    // As a rule there are none, and the clock need not be asked.
    return !flags.all().isEmpty() && flags.stops(spec.canvas(), spec.event().queue(), now());
  }

  void notBegun(AttemptKey key) {
    ends.notBegun(key);
  }

  void post(Finished finished) {
    ends.attemptEnded(finished);
  }

  void handlerEnded(AttemptKey key) {
    ends.handlerEnded(key);
  }

  void report(WorkerEvent event) {
    setup.events().accept(event);
  }

  Consumer<Throwable> fatal() {
    return setup.fatal();
  }
}
