package dev.nightshift.worker.events;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/// What a worker reports of itself. The core neither logs nor counts: whoever wants lines, metrics
/// or spans listens. Reported on the loop's thread unless said otherwise, so a listener must be
/// safe for use by many threads, return at once and not throw.
public sealed interface WorkerEvent {
  /// A JAR in the handlers folder is of no use. Reported by the thread that starts the worker.
  ///
  /// @param jar its file name
  /// @param reason what it lacks and what to do
  record JarIgnored(String jar, String reason) implements WorkerEvent {}

  /// Partitions of a topic came.
  record Assigned(String topic, int partition, long base, long claimedByFormerOwner)
      implements WorkerEvent {}

  /// The worker is a member of its group and others have all partitions: more workers than
  /// partitions, or the group is still about to share them out.
  record NothingAssigned() implements WorkerEvent {}

  /// A partition went; `givenUp` attempts were running and are run again elsewhere, uncharged.
  record Revoked(String topic, int partition, int givenUp) implements WorkerEvent {}

  /// A partition was taken by another worker because this one was silent for too long; what ran is
  /// charged.
  record Lost(String topic, int partition, int running) implements WorkerEvent {}

  /// This worker may not read these topics. It leaves them out and tries again once a minute; their
  /// events wait. An alarm.
  record TopicsForbidden(Set<String> topics, String reason) implements WorkerEvent {}

  /// A queue's lane cannot be made at the moment; what should wait in it waits where it is, in the
  /// way of others. Tried again as long as it is needed. Reported on any thread.
  record LaneDelayed(String canvas, String queue, String reason) implements WorkerEvent {}

  /// A queue's breaker has blocked it. An alarm. Reported on a thread of its own.
  ///
  /// @param reason which events killed their processes
  record BreakerOpened(String canvas, String queue, Instant until, String reason)
      implements WorkerEvent {}

  /// A queue that its breaker had blocked runs again. Reported on a thread of its own.
  record BreakerClosed(String canvas, String queue, String eventId) implements WorkerEvent {}

  /// An event that killed its process, or one that did not, is not noted: its queue's breaker does
  /// not know of it. Reported on a thread of its own.
  record BreakerBehind(String canvas, String queue, String eventId, String reason)
      implements WorkerEvent {}

  /// The topics of a deleted canvas are deleted. Reported on a thread of its own.
  record CanvasGone(String canvas, int generation) implements WorkerEvent {}

  /// The topics of a deleted canvas cannot be deleted at the moment; tried again. Reported on a
  /// thread of its own.
  record UpkeepDelayed(String canvas, String reason) implements WorkerEvent {}

  /// A handler was started.
  record Started(String canvas, String queue, String eventId, int attempt, Duration waited)
      implements WorkerEvent {}

  /// A handler was started, but its queue was paused or blocked before it began: the event waits
  /// on, uncharged.
  record NotBegun(String canvas, String queue, String eventId, int attempt)
      implements WorkerEvent {}

  /// An attempt ended and will be recorded as finished.
  ///
  /// @param took from the handler's start to its end, within some milliseconds, as the loop asks
  ///   its clock once for all that start or end together; nothing if none was started
  record Ended(
      String canvas, String queue, String eventId, int attempt, String outcome, Duration took)
      implements WorkerEvent {}

  /// An attempt died with its worker; the event will be started again, or is dead if `exhausted`.
  record AttemptLost(
      String canvas, String queue, String eventId, int attempt, boolean exhausted, String writer)
      implements WorkerEvent {}

  /// A record went to the dead topic.
  record DeadLettered(String origin, String reason) implements WorkerEvent {}

  /// A written ledger was not used. What it said is unknown: finished events may run again. An
  /// alarm.
  record LedgerDiscarded(String topic, int partition, String reason) implements WorkerEvent {}

  /// Events vanished from the log before they ran: somebody trimmed or deleted them. An alarm.
  record EventsVanished(String topic, int partition, long from, long to) implements WorkerEvent {}

  /// A write did not happen; it is tried again.
  record WriteDelayed(String reason) implements WorkerEvent {}

  /// Writes of a kind have failed for a while: what ended is not recorded and, if they are claims,
  /// nothing starts. They are tried again until they happen.
  record WritesStuck(Duration since, String reason) implements WorkerEvent {}

  /// What was stuck goes on.
  record WritesGoOn() implements WorkerEvent {}

  /// The control topic cannot be followed: the worker goes by the flags and canvases that it knows.
  record ControlBehind(String reason) implements WorkerEvent {}

  /// The control topic is followed again.
  record ControlFollowed() implements WorkerEvent {}

  /// A handler was interrupted at its time limit and has not ended since. It keeps its slot.
  record IgnoresInterrupt(String canvas, String queue, String eventId, Duration since)
      implements WorkerEvent {}

  /// Traces cannot be stored at the moment. They are tried again until they are; their events stay
  /// unfinished and hold their slots meanwhile. Reported on any thread.
  record TracesDelayed(String reason) implements WorkerEvent {}

  /// All delayed traces are stored. Reported on any thread.
  record TracesFlowing() implements WorkerEvent {}

  /// A trace was too large for its topic and was stored without some of its parts. Reported on any
  /// thread.
  ///
  /// @param key the trace's key
  /// @param without what it was stored without
  record TraceShortened(String key, String without) implements WorkerEvent {}

  /// A trace that its topic would not take however small it was made: its event has none. Reported
  /// on any thread.
  ///
  /// @param key the trace's key
  record TraceGivenUp(String key, String reason) implements WorkerEvent {}

  /// A trace could not be built, which is a mistake of Nightshift's own; a minimal one was stored
  /// instead. Reported on any thread.
  record TraceNotBuilt(String eventId, Throwable cause) implements WorkerEvent {}

  /// Handlers that never yield hold threads that others need, so the number of threads was raised;
  /// or it was lowered again. Reported on any thread.
  record CarriersChanged(int from, int to) implements WorkerEvent {}

  /// The worker drains until then at the latest.
  record Draining(int running, Instant until) implements WorkerEvent {}

  /// The loop has ended; `handedBack` attempts were given up, charged. What was not written, if
  /// anything, counts as lost for the next owner.
  record Stopped(int handedBack, boolean allWritten) implements WorkerEvent {
    /// Whether nothing that this worker started is left to others.
    public boolean clean() {
      return handedBack == 0 && allWritten;
    }
  }
}
