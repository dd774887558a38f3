package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.DelayedKey;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Names;
import dev.nightshift.common.Rfc3339;
import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// The one place that writes event records: the CloudEvents Kafka binding in binary mode, and
/// Nightshift's own headers. Safe for use by many threads.
public final class EventRecords {
  /// The largest record that is written, with its headers, unless told otherwise: what brokers and
  /// producers take by default is 1 MiB with a little frame around.
  public static final int RECORD_BYTES_MAX = (1 << 20) - 1_024;

  private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();
  private static final byte[] VERSION = "1.0".getBytes(UTF_8);
  private static final int FRAME_BYTES = 100;

  private final byte[] source;
  private final String delayedTopic;

  /// @param source who emits, as `ce_source`
  /// @param plan says where events go that are due later
  public EventRecords(String source, TopicPlan plan) {
    this.source = source.getBytes(UTF_8);
    this.delayedTopic = plan.delayed();
  }

  /// A new id: a UUIDv7, so ids sort by their time.
  public static String newId() {
    return IDS.generate().toString();
  }

  /// What is wrong with an emission; empty if it is allowed.
  ///
  /// @param now when it is emitted
  public static Optional<String> problem(Emission emission, Instant now) {
    return Names.problemWithCanvas(emission.canvas())
        .or(() -> Names.problemWithQueue(emission.queue()))
        .or(() -> emission.id().flatMap(Names::problemWithEventId))
        .or(() -> emission.due().flatMap(due -> due.problem(now)))
        .or(() ->
            emission.headers().keySet().stream()
                .filter(name -> name.startsWith("ce_") || name.startsWith("ns-") || name.isEmpty())
                .findFirst()
                .map(name ->
                    "header "
                        + Names.quoted(name)
                        + " is not allowed: names that start with ce_ or ns- are reserved"));
  }

  /// The record of an event: on its canvas's topic, or on that of delayed events if it is due
  /// later. Headers cost all readers time, so it has no `ce_time` where the record's own time says
  /// when it was emitted, and `ns-canvas` on a topic of the canvas's own only if it is due later.
  ///
  /// @param canvas where it goes
  /// @param id its id
  /// @param cause the parent event's id, of a child event
  public ProducerRecord<byte[], byte[]> record(
      Emission emission, Canvas canvas, String id, Optional<String> cause, Instant now) {
    Optional<Instant> later = emission.due().flatMap(due -> due.later(now));
    // A child event is stored when its parent ends, and its handler may have emitted it long
    // before.
    boolean saysTime = later.isPresent() || cause.isPresent();
    @Nullable Long time = saysTime ? null : now.toEpochMilli();
    ProducerRecord<byte[], byte[]> record =
        later.isPresent()
            ? new ProducerRecord<>(
                delayedTopic, DelayedKey.of(canvas.name(), id), emission.payload())
            : new ProducerRecord<>(canvas.topic(), null, time, null, emission.payload());
    Headers headers = record.headers();
    headers.add(EventHeaders.SPEC_VERSION, VERSION);
    add(headers, EventHeaders.ID, id);
    add(headers, EventHeaders.TYPE, emission.queue());
    headers.add(EventHeaders.SOURCE, source);
    if (saysTime) {
      headers.add(EventHeaders.TIME, Rfc3339.write(now));
    }
    if (later.isPresent() || canvas.shared()) {
      add(headers, EventHeaders.CANVAS, canvas.name());
    }
    emission.contentType().ifPresent(type -> add(headers, EventHeaders.CONTENT_TYPE, type));
    cause.ifPresent(parent -> add(headers, EventHeaders.CAUSE, parent));
    if (later.isPresent()) {
      headers.add(EventHeaders.DUE, Rfc3339.write(notBefore(later.get())));
      add(headers, EventHeaders.EVENTS_TOPIC, canvas.topic());
    }
    for (Map.Entry<String, String> header : emission.headers().entrySet()) {
      add(headers, header.getKey(), header.getValue());
    }
    return record;
  }

  // As it is written, to the microsecond, it is not cut: that would be early.
  private static Instant notBefore(Instant due) {
    Instant cut = due.truncatedTo(ChronoUnit.MICROS);
    return cut.equals(due) ? cut : cut.plus(1, ChronoUnit.MICROS);
  }

  /// What a record takes, in bytes, with its headers and an upper bound for the frame around it.
  public static int bytes(ProducerRecord<byte[], byte[]> record) {
    int bytes =
        FRAME_BYTES
            + (record.key() == null ? 0 : record.key().length)
            + (record.value() == null ? 0 : record.value().length);
    for (Header header : record.headers()) {
      bytes += 10 + header.key().length() + header.value().length;
    }
    return bytes;
  }

  /// The refusal of a record that is larger than [#RECORD_BYTES_MAX]; empty if it is not.
  ///
  /// @param bytes what it takes, see [#bytes]
  static Optional<EmitException> tooLarge(ProducerRecord<byte[], byte[]> record, int bytes) {
    if (bytes <= RECORD_BYTES_MAX) {
      return Optional.empty();
    }
    return Optional.of(
        new EmitException.PayloadTooLarge(
            "the event's payload has "
                + record.value().length
                + " bytes, with its headers "
                + bytes
                + "; at most "
                + RECORD_BYTES_MAX
                + " are allowed. Store large data elsewhere and emit where it is"));
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
