package dev.nightshift.common;

/// The names of an event record's headers: the CloudEvents Kafka binding (binary mode, version
/// 1.0.2) and Nightshift's own.
public final class EventHeaders {
  /// Always `1.0`.
  public static final String SPEC_VERSION = "ce_specversion";

  /// The event's id.
  public static final String ID = "ce_id";

  /// The queue.
  public static final String TYPE = "ce_type";

  /// Who emitted it.
  public static final String SOURCE = "ce_source";

  /// When it was emitted, RFC 3339; without it the record's own time counts.
  public static final String TIME = "ce_time";

  /// The payload's media type.
  public static final String CONTENT_TYPE = "content-type";

  /// W3C trace context.
  public static final String TRACE_PARENT = "traceparent";

  /// W3C trace state.
  public static final String TRACE_STATE = "tracestate";

  /// The canvas; counts on an event topic only if that canvas's control record names the topic.
  /// Needed on a shared topic and on that of delayed events; else the topic says it.
  public static final String CANVAS = "ns-canvas";

  /// The parent event's id.
  public static final String CAUSE = "ns-cause";

  /// Which attempt is next, from 1. Counts only on topics that only workers write, as do all below.
  public static final String ATTEMPT = "ns-attempt";

  /// How many processes died while they ran the event.
  public static final String SUSPICION = "ns-suspicion";

  /// Not to be started before this instant, RFC 3339.
  public static final String NOT_BEFORE = "ns-not-before";

  /// Where the event was first emitted: `topic/partition/offset`.
  public static final String ORIGIN = "ns-origin";

  /// The lost attempts so far, one line each: `attempt worker instant how`.
  public static final String HISTORY = "ns-history";

  /// On the dead topic: why, in words.
  public static final String REASON = "ns-reason";

  /// On the dead topic: the outcome's name.
  public static final String OUTCOME = "ns-outcome";

  /// On the dead topic: the worker that wrote the letter.
  public static final String WRITER = "ns-writer";

  /// On the dead topic, with any value: the payload is not here, as the topic did not take it.
  public static final String PAYLOAD_LEFT = "ns-payload-left";

  /// Where the dead letter lay that was emitted again: `topic/partition/offset`.
  public static final String REDRIVEN = "ns-redriven";

  /// The id of the event that this one is a copy of, made by `nightshift event replay`.
  public static final String REPLAY_OF = "ns-replay-of";

  /// On the delayed topic: when the event is to be emitted, RFC 3339. Stays on the event that is
  /// emitted then.
  public static final String DUE = "ns-due";

  /// On the delayed topic: the canvas's event topic when the event was emitted, so that it does not
  /// run in a later generation of the canvas; without it, the one that the canvas has when it is
  /// due.
  public static final String EVENTS_TOPIC = "ns-events-topic";

  /// On the delayed topic: the event of the record's key is not to be emitted; who wants that. The
  /// record has no payload, and the event's other headers.
  public static final String CANCEL = "ns-cancel";

  /// On the delayed topic, on a record without a value, which ends the event of its key: `fired`,
  /// `cancelled`, `canvas_deleted`, `undecodable`, or `gone` if there was none.
  public static final String TIMER_END = "ns-timer-end";

  /// On the delayed topic, on a record without a value: up to which offset of its partition the
  /// records of its key are ended by it. One that was written meanwhile, behind that and before
  /// this record, is not.
  public static final String TIMER_ENDED_TO = "ns-timer-ended-to";

  /// The name of the cron that emitted the event.
  public static final String CRON = "ns-cron";

  /// The tick of the cron that the event was emitted for, RFC 3339: when it was due, however late
  /// it was emitted.
  public static final String SCHEDULED = "ns-scheduled";

  /// Who had a cron emit the event out of turn (`nightshift cron trigger`).
  public static final String TRIGGERED = "ns-triggered";

  private EventHeaders() {}
}
