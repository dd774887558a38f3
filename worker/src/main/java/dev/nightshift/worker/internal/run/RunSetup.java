package dev.nightshift.worker.internal.run;

import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.InstantSource;
import java.util.function.Consumer;

/// What all attempts of a worker have in common.
///
/// @param worker who runs them
/// @param topics says where children go that are due later
/// @param limits how much each may leave behind
/// @param traces which of them leave a trace
/// @param clock the wall clock
/// @param events told what there is to report
/// @param fatal ends the process after an error that leaves the JVM untrustworthy, such as one of
///   memory; must not return, except in tests
public record RunSetup(
    WorkerIdentity worker,
    TopicPlan topics,
    AttemptLimits limits,
    TraceLevel traces,
    InstantSource clock,
    Consumer<WorkerEvent> events,
    Consumer<Throwable> fatal) {
  /// The exit status after a fatal error: an internal software error in sysexits.h.
  public static final int FATAL_STATUS = 70;

  /// A setup with the standard limits, the system's clock and [#halt].
  public static RunSetup standard(
      WorkerIdentity worker, TopicPlan topics, TraceLevel traces, Consumer<WorkerEvent> events) {
    return new RunSetup(
        worker,
        topics,
        AttemptLimits.STANDARD,
        traces,
        InstantSource.system(),
        events,
        RunSetup::halt);
  }

  /// Says why on stderr and ends the process at once, without shutdown hooks: they would need the
  /// memory that is not there. The events that ran are lost attempts, and run again.
  public static void halt(Throwable fatal) {
    try {
      System.err.println("nightshift: this process ends at once, its JVM cannot go on: " + fatal);
    } finally {
      Runtime.getRuntime().halt(FATAL_STATUS);
    }
  }
}
