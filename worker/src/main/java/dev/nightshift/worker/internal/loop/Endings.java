package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.run.DeadRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/// The records of events that end, or go on, without a handler: retries, dead letters, and their
/// traces. Pure.
final class Endings {
  private final LoopSettings settings;
  private final RetryPlan retries;
  private final Set<String> needed;
  private final TopicPlan topics;
  private final EndTraces traces;
  private final DeadRecords dead;

  Endings(LoopSettings settings, EndTraces traces) {
    this.settings = settings;
    this.retries = settings.retryPlan();
    this.topics = settings.topics();
    this.needed = Set.of(topics.retry(), topics.delayed(), topics.dead(), topics.traces());
    this.traces = traces;
    this.dead = new DeadRecords(topics.dead(), settings.worker());
  }

  boolean exhausted(EventEnvelope event) {
    return retries.exhausted(event.attempt());
  }

  /// Its attempt died with the worker that ran it.
  ///
  /// @param writer that worker
  List<ProducerRecord<byte[], byte[]>> lost(
      EventEnvelope event, String canvas, String writer, Instant now) {
    String reason = "worker " + shown(writer) + " died or was cut off while it ran this attempt";
    return again(event, canvas, new Ending(writer, "lost", reason, true), now);
  }

  /// A worker that had to stop gave it up.
  ///
  /// @param writer that worker
  List<ProducerRecord<byte[], byte[]>> handedBack(
      EventEnvelope event, String canvas, String writer, Instant now) {
    String reason =
        "worker " + shown(writer) + " had to stop before this attempt ended and handed it back";
    return again(event, canvas, new Ending(writer, "handed-back", reason, false), now);
  }

  /// It is over before a handler was started.
  List<ProducerRecord<byte[], byte[]>> ended(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
    return List.of(traces.trace(event, canvas, outcome, reason, now));
  }

  /// It is over before a handler was started, as nothing takes it where it would go on.
  List<ProducerRecord<byte[], byte[]>> undeliverable(
      EventEnvelope event, String canvas, String reason, Instant now) {
    return List.of(
        dead(event.record(), Outcome.EXHAUSTED, reason, ofAttempt(event, canvas, event.history())),
        traces.trace(event, canvas, Outcome.EXHAUSTED, reason, now));
  }

  /// It waits on in its queue's lane, as it is.
  ProducerRecord<byte[], byte[]> waitsIn(Lane lane, int partition, Waiting waiting) {
    EventEnvelope event = waiting.event();
    // All that only workers may say is said anew: the emitter's own may be forged.
    Map<String, String> own =
        new TreeMap<>(ofAttempt(event, waiting.canvas().name(), event.history()));
    own.put(EventHeaders.SUSPICION, Integer.toString(event.suspicion()));
    // It has waited for that; its reader's clock may say otherwise.
    own.put(EventHeaders.NOT_BEFORE, Instant.EPOCH.toString());
    return new ProducerRecord<>(
        lane.topic(),
        partition,
        null,
        event.record().key(),
        event.record().value(),
        DeadRecords.headers(event.record(), own));
  }

  /// It is no event.
  List<ProducerRecord<byte[], byte[]>> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
    return List.of(
        dead(record, Outcome.UNDECODABLE, reason, Map.of()),
        traces.undecodable(record, reason, now));
  }

  /// Whether one of these topics is the fleet's own: while it cannot be written, events wait.
  boolean needs(Set<String> missing) {
    return missing.stream().anyMatch(topic -> needed.contains(topic) || topics.isLane(topic));
  }

  /// The log refuses for good what was to be stored with its completion: what is tried next.
  Move refused(Move move, String reason, Instant now) {
    EventEnvelope event;
    try {
      event = EventEnvelope.read(move.event(), move.partition().trusted());
    } catch (EventEnvelope.UndecodableException e) {
      String why = e.getMessage() + "; its dead letter cannot be stored: " + reason;
      return next(
          move,
          dead(move.event(), Outcome.UNDECODABLE, why, Map.of()),
          traces.undecodable(move.event(), why, now));
    }
    Optional<Outcome> handled = move.handled();
    if (handled.isPresent() && move.stage() == Move.Stage.WHOLE) {
      String why = "the whole trace cannot be stored: " + reason;
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(move.records());
      // There is none if it could not be built.
      records.removeIf(record -> record.topic().equals(topics.traces()));
      records.add(traces.trace(event, move.canvas(), handled.get(), why, now));
      return move.next(Move.Stage.SMALL_TRACE, records);
    }
    String why =
        deathOf(move)
            .orElseGet(() ->
                (handled.isPresent()
                        ? "its handler came to its end, but what it emitted cannot be stored: "
                        : "it cannot be stored for another attempt: ")
                    + reason);
    Outcome outcome = handled.isPresent() ? Outcome.ERRORED : Outcome.EXHAUSTED;
    return next(
        move,
        dead(event.record(), outcome, why, ofAttempt(event, move.canvas(), event.history())),
        traces.trace(event, move.canvas(), outcome, why, now));
  }

  // Why it is dead, if it was to be stored as that: how much of it is stored is no other reason.
  private Optional<String> deathOf(Move move) {
    return move.records().stream()
        .filter(record -> record.topic().equals(topics.dead()))
        .map(record -> record.headers().lastHeader(EventHeaders.REASON))
        .filter(Objects::nonNull)
        .map(header -> new String(header.value(), UTF_8))
        .findFirst();
  }

  private Move next(
      Move move, ProducerRecord<byte[], byte[]> dead, ProducerRecord<byte[], byte[]> trace) {
    return switch (move.stage()) {
      case WHOLE, SMALL_TRACE -> move.next(Move.Stage.DEAD, List.of(dead, trace));
      case DEAD ->
          move.next(
              Move.Stage.DEAD_WITHOUT_PAYLOAD, List.of(DeadRecords.withoutPayload(dead), trace));
      case DEAD_WITHOUT_PAYLOAD, TRACE -> move.next(Move.Stage.TRACE, List.of(trace));
    };
  }

  // What its record said by its topic and its time goes with it.
  private static Map<String, String> ofAttempt(EventEnvelope event, String canvas, String history) {
    return Map.of(
        EventHeaders.TIME,
        event.emittedAt().toString(),
        EventHeaders.CANVAS,
        canvas,
        EventHeaders.ATTEMPT,
        Integer.toString(event.attempt()),
        EventHeaders.ORIGIN,
        event.origin(),
        EventHeaders.HISTORY,
        history);
  }

  private record Ending(String writer, String how, String reason, boolean suspicious) {}

  private List<ProducerRecord<byte[], byte[]>> again(
      EventEnvelope event, String canvas, Ending ending, Instant now) {
    String line = event.attempt() + " " + shown(ending.writer()) + " " + now + " " + ending.how();
    String history = event.history().isEmpty() ? line : event.history() + "\n" + line;
    if (exhausted(event)) {
      String reason =
          "all " + settings.attemptsMax() + " attempts were lost; the last: " + ending.reason();
      return List.of(
          dead(event.record(), Outcome.EXHAUSTED, reason, ofAttempt(event, canvas, history)),
          traces.trace(event, canvas, Outcome.EXHAUSTED, reason, now));
    }
    int suspicion = event.suspicion() + (ending.suspicious() ? 1 : 0);
    int tier =
        ending.suspicious() ? retries.tierAfterLoss(event.attempt()) : retries.tierAfterHandBack();
    Headers headers =
        DeadRecords.headers(
            event.record(),
            Map.of(
                EventHeaders.CANVAS, canvas,
                EventHeaders.ATTEMPT, Integer.toString(event.attempt() + 1),
                EventHeaders.SUSPICION, Integer.toString(suspicion),
                EventHeaders.NOT_BEFORE, retries.notBefore(tier, now).toString(),
                EventHeaders.ORIGIN, event.origin(),
                EventHeaders.TIME, event.emittedAt().toString(),
                EventHeaders.HISTORY, history));
    int partition = retries.partition(tier, settings.retryPartitions(), event.record().offset());
    return List.of(
        new ProducerRecord<>(
            settings.topics().retry(),
            partition,
            null,
            event.record().key(),
            event.record().value(),
            headers),
        traces.trace(event, canvas, Outcome.LOST, ending.reason(), now));
  }

  private ProducerRecord<byte[], byte[]> dead(
      ConsumerRecord<byte[], byte[]> record,
      Outcome outcome,
      String reason,
      Map<String, String> more) {
    return dead.record(record, outcome, reason, more);
  }

  private static String shown(String writer) {
    return writer.isEmpty() ? "unknown" : writer;
  }
}
