package dev.nightshift.worker.internal.run;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventEnvelope.Extras;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.internal.run.AttemptLimits.TraceLimits;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Builds traces. Pure; safe for use by many threads.
public final class Traces {
  private static final int REASON_CHARS_MAX = 1_000;
  private static final int HISTORY_CHARS_MAX = 4_000;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final WorkerIdentity worker;
  private final TraceLimits limits;

  /// Traces that name `worker` as their writer.
  public Traces(WorkerIdentity worker, TraceLimits limits) {
    this.worker = worker;
    this.limits = limits;
  }

  /// The trace of an event that ended, or lost its attempt, by no doing of a handler here:
  /// `no_handler`, `canvas_deleted`, `exhausted`, `cancelled`, `lost`.
  ///
  /// @param canvas the event's canvas
  /// @param reason why, in words
  public Trace withoutHandler(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant endedAt) {
    Trace trace = of(event, canvas);
    trace.setOutcome(outcome.label());
    beginReason(trace, reason);
    trace.setEndedAt(endedAt);
    return trace;
  }

  /// The trace of a record that is no event. Its id is the record's place, its attempt is 0.
  ///
  /// @param canvas whose topic it was in; empty if that is not known
  /// @param reason why it is no event
  public Trace undecodable(
      ConsumerRecord<byte[], byte[]> record,
      Optional<String> canvas,
      String reason,
      Instant endedAt) {
    String place = record.topic() + "/" + record.partition() + "/" + record.offset();
    Trace trace = of(record, Extras.of(record));
    trace.setCanvas(canvas.orElse(""));
    trace.setQueue("");
    trace.setEventId(place);
    trace.setOrigin(place);
    trace.setAttempt(0);
    trace.setEmittedAt(EventTime.stored(record));
    trace.setOutcome(Outcome.UNDECODABLE.label());
    beginReason(trace, reason);
    trace.setEndedAt(endedAt);
    return trace;
  }

  /// What is left to say when the trace of an attempt could not be built.
  Trace minimal(AttemptSpec spec, Outcome outcome, Instant startedAt, Instant endedAt) {
    EventEnvelope event = spec.event();
    Trace trace = empty();
    trace.setCanvas(spec.canvas().name());
    trace.setQueue(event.queue());
    trace.setEventId(event.id());
    trace.setOrigin(event.origin());
    trace.setAttempt(event.attempt());
    trace.setEmittedAt(event.emittedAt());
    trace.setStartedAt(startedAt);
    trace.setEndedAt(endedAt);
    trace.setOutcome(outcome.label());
    trace.setReason(TraceReasons.NOT_BUILT);
    return trace;
  }

  /// The trace of an event, without how it ended.
  Trace of(EventEnvelope event, String canvas) {
    Trace trace = of(event.record(), event.extras());
    trace.setCanvas(canvas);
    trace.setQueue(event.queue());
    trace.setEventId(event.id());
    trace.setOrigin(event.origin());
    trace.setAttempt(event.attempt());
    trace.setEmittedAt(event.emittedAt());
    trace.setHistory(Texts.cut(event.history(), HISTORY_CHARS_MAX));
    return trace;
  }

  /// Adds to what a trace gives as its reason.
  static void addReason(Trace trace, String reason) {
    @Nullable String said = trace.getReason();
    trace.setReason(said == null ? reason : said + "; " + reason);
  }

  // What the trace says of itself comes after it.
  private static void beginReason(Trace trace, String reason) {
    @Nullable String said = trace.getReason();
    trace.setReason(Texts.cut(reason, REASON_CHARS_MAX));
    if (said != null) {
      addReason(trace, said);
    }
  }

  private Trace of(ConsumerRecord<byte[], byte[]> record, Extras extras) {
    Trace trace = empty();
    byte @Nullable [] value = record.value();
    byte[] payload = value == null ? new byte[0] : value;
    trace.setInput(ByteBuffer.wrap(payload, 0, Math.min(payload.length, limits.inputBytesMax())));
    trace.setInputBytes(payload.length);
    TraceHeaders.into(trace, extras);
    return trace;
  }

  private Trace empty() {
    Trace trace = new Trace();
    trace.setWorker(worker.name());
    trace.setHost(worker.host());
    trace.setSource("");
    trace.setInput(NOTHING);
    trace.setHeaders(Map.of());
    trace.setLogs(List.of());
    trace.setSteps(List.of());
    trace.setChildren(List.of());
    trace.setHistory("");
    return trace;
  }
}
