package dev.nightshift.common.backlog;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Rfc3339;
import dev.nightshift.common.ledger.Mark;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Where an event lies. Immutable.
///
/// @param canvas whose it is; empty if nothing says it
/// @param kind what the topic is
/// @param mark what the ledger says of it
/// @param writer the worker that last wrote the ledger of its partition, and so has it; a name of
///   more than 60 bytes is cut
/// @param event the event, without its payload
/// @param payloadBytes how long its payload is
public record EventPlace(
    String canvas,
    Kind kind,
    Mark mark,
    Optional<String> writer,
    EventEnvelope event,
    int payloadBytes) {
  /// What a topic is.
  public enum Kind {
    /// A canvas's topic.
    EVENTS,
    /// A queue's lane.
    LANE,
    /// The retry topic.
    RETRY,
    /// The topic of events that are due later.
    DELAYED
  }

  /// When it is to be emitted, if it is delayed; empty if it does not say so rightly.
  public Optional<Instant> due() {
    try {
      return event.header(EventHeaders.DUE).filter(at -> kind == Kind.DELAYED).map(Rfc3339::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// `topic/partition/offset`.
  public String text() {
    return event.record().topic()
        + "/"
        + event.record().partition()
        + "/"
        + event.record().offset();
  }
}
