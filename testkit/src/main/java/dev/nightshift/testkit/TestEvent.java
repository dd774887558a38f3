package dev.nightshift.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;

/// An event for a handler under test. Immutable.
///
/// @param payload its bytes
/// @param contentType the payload's media type
/// @param id its id
/// @param attempt which attempt it is, from 1 to 5
/// @param emittedAt when it was emitted, from 1970 on, cut to the millisecond as a record's time is
/// @param headers what else the emitter said; names that start with `ce_` or `ns-` are reserved
public record TestEvent(
    byte[] payload,
    Optional<String> contentType,
    String id,
    int attempt,
    Instant emittedAt,
    Map<String, String> headers) {
  private static final int ATTEMPTS_MAX = 5;

  /// Keeps a copy of the headers.
  public TestEvent {
    if (attempt < 1 || attempt > ATTEMPTS_MAX) {
      throw new IllegalArgumentException(
          "attempt " + attempt + " is not allowed: an event has attempts 1 to " + ATTEMPTS_MAX);
    }
    if (emittedAt.isBefore(Instant.EPOCH)) {
      throw new IllegalArgumentException(
          "emittedAt " + emittedAt + " is not allowed: an event's time is from 1970 on");
    }
    emittedAt = emittedAt.truncatedTo(ChronoUnit.MILLIS);
    headers = Map.copyOf(headers);
  }

  /// JSON text, with the media type `application/json`, as `nightshift event emit` and
  /// `Emitter.emitJson` emit it.
  public static TestEvent json(String json) {
    return bytes(json.getBytes(UTF_8)).withContentType("application/json");
  }

  /// Text, with the media type `text/plain`.
  public static TestEvent text(String text) {
    return bytes(text.getBytes(UTF_8)).withContentType("text/plain;charset=utf-8");
  }

  /// Bytes of no said kind.
  public static TestEvent bytes(byte[] payload) {
    return new TestEvent(
        payload, Optional.empty(), EventRecords.newId(), 1, Instant.now(), Map.of());
  }

  /// The same with a media type.
  public TestEvent withContentType(String type) {
    return new TestEvent(payload, Optional.of(type), id, attempt, emittedAt, headers);
  }

  /// The same with this id.
  public TestEvent withId(String own) {
    return new TestEvent(payload, contentType, own, attempt, emittedAt, headers);
  }

  /// The same as its second, third … attempt: those before were lost with their workers.
  public TestEvent withAttempt(int number) {
    return new TestEvent(payload, contentType, id, number, emittedAt, headers);
  }

  /// The same, emitted then.
  public TestEvent withEmittedAt(Instant then) {
    return new TestEvent(payload, contentType, id, attempt, then, headers);
  }

  /// The same with one more header.
  public TestEvent withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new TestEvent(payload, contentType, id, attempt, emittedAt, more);
  }

  /// Its record, as an emitter and then a worker would have written it.
  ///
  /// @param name the queue, as `canvas/queue`
  /// @throws IllegalArgumentException if an emitter would refuse it
  ConsumerRecord<byte[], byte[]> record(String name) {
    int slash = Math.max(0, name.indexOf('/'));
    String canvas = name.substring(0, slash);
    Emission emission =
        new Emission(
            canvas, name.substring(slash + 1), payload, contentType, Optional.of(id), headers);
    EventRecords.problem(emission, emittedAt)
        .ifPresent(problem -> {
          throw new IllegalArgumentException(problem);
        });
    TopicPlan plan = TopicPlan.standard();
    Canvas target = new Canvas(canvas, 1, plan.events(canvas, 1), plan.workersGroup(), false);
    ProducerRecord<byte[], byte[]> made =
        new EventRecords("test", plan).record(emission, target, id, Optional.empty(), emittedAt);
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            made.topic(),
            0,
            0,
            made.timestamp(),
            TimestampType.CREATE_TIME,
            ConsumerRecord.NULL_SIZE,
            made.value().length,
            null,
            made.value(),
            made.headers(),
            Optional.empty());
    record.headers().add(EventHeaders.ATTEMPT, Integer.toString(attempt).getBytes(UTF_8));
    return record;
  }
}
