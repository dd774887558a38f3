package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.EventTime;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// How a dead letter becomes an event again: as it was emitted, with its id, its time and its
/// payload, and nothing of its lost attempts. Pure.
final class Redelivery {
  private static final Set<String> OF_ITS_DEATH =
      Set.of(
          EventHeaders.CANVAS,
          EventHeaders.ATTEMPT,
          EventHeaders.SUSPICION,
          EventHeaders.NOT_BEFORE,
          EventHeaders.ORIGIN,
          EventHeaders.HISTORY,
          EventHeaders.REASON,
          EventHeaders.OUTCOME,
          EventHeaders.WRITER,
          EventHeaders.PAYLOAD_LEFT,
          EventHeaders.EVENTS_TOPIC,
          EventHeaders.REDRIVEN);

  private Redelivery() {}

  /// Why a letter cannot be emitted again; empty if it can.
  ///
  /// @param exists whether there is a topic of that name
  static Optional<String> obstacle(Letter letter, Predicate<String> exists) {
    Optional<String> broken = broken(letter);
    if (broken.isPresent()) {
      return broken;
    }
    if (letter.canvas().isEmpty()) {
      return Optional.of("no canvas of the control log has its topic " + letter.originTopic());
    }
    Canvas canvas = letter.canvas().get();
    if (canvas.deleted()) {
      return Optional.of(
          "its canvas " + canvas.name() + " (generation " + canvas.generation() + ") was deleted");
    }
    return exists.test(canvas.topic())
        ? Optional.empty()
        : Optional.of("the topic " + canvas.topic() + " of its canvas does not exist");
  }

  private static Optional<String> broken(Letter letter) {
    if (!letter.hasPayload()) {
      return Optional.of("its payload was too large to be kept with it");
    }
    try {
      EventEnvelope.read(letter.record(), false);
      return Optional.empty();
    } catch (EventEnvelope.UndecodableException e) {
      return Optional.of("it is no event: " + e.getMessage());
    }
  }

  /// The event's record, of a letter without an obstacle.
  static ProducerRecord<byte[], byte[]> record(Letter letter) {
    Canvas canvas = letter.canvas().orElseThrow();
    Headers headers = new RecordHeaders();
    for (Header header : letter.record().headers()) {
      if (!OF_ITS_DEATH.contains(header.key())) {
        headers.add(header);
      }
    }
    EventTime.keep(headers, letter.record());
    add(headers, EventHeaders.CANVAS, canvas.name());
    add(headers, EventHeaders.REDRIVEN, letter.record().topic() + "/" + letter.id());
    return new ProducerRecord<>(
        canvas.topic(), null, null, letter.record().key(), letter.record().value(), headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
