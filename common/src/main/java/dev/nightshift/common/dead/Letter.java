package dev.nightshift.common.dead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.EventTime;
import dev.nightshift.common.Lane;
import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// One record of the dead topic: an event that will not be run by itself any more, or what never
/// was one. Immutable.
///
/// Of a record that is no event, only outcome, reason, origin and writer are a worker's words; the
/// rest is as somebody sent it.
///
/// @param canvas the generation of the canvas that it belongs to, deleted or not; empty if the
///   control log knows none
/// @param record the record itself
public record Letter(Optional<Canvas> canvas, ConsumerRecord<byte[], byte[]> record) {
  /// Reads any record of the dead topic.
  static Letter of(ConsumerRecord<byte[], byte[]> record, ControlView view, TopicPlan plan) {
    String topic = originTopic(record);
    Optional<String> claimed = text(record, EventHeaders.CANVAS).filter(name -> !name.isEmpty());
    Optional<Lane> lane = view.laneOf(topic);
    if (lane.isPresent()) {
      return new Letter(
          lane.flatMap(each -> view.canvas(each.canvas(), each.generation())), record);
    }
    // What workers wrote there says whose it is, and only they write there.
    if (topic.equals(plan.retry())) {
      return new Letter(claimed.flatMap(view::canvas), record);
    }
    // There an event says itself where it is to go.
    Optional<String> target =
        topic.equals(plan.delayed())
            ? text(record, EventHeaders.EVENTS_TOPIC)
                .or(() -> claimed.flatMap(view::canvas).map(Canvas::topic))
            : Optional.of(topic);
    return new Letter(target.flatMap(each -> view.canvasOf(each, claimed)), record);
  }

  private static String originTopic(ConsumerRecord<byte[], byte[]> record) {
    String origin = text(record, EventHeaders.ORIGIN).orElse("");
    int slash = origin.indexOf('/');
    return slash < 0 ? origin : origin.substring(0, slash);
  }

  /// What names it.
  public LetterId id() {
    return new LetterId(record.partition(), record.offset());
  }

  /// When it came here.
  public Instant diedAt() {
    return EventTime.stored(record);
  }

  /// How its event ended: `exhausted`, `undecodable`, …
  public String outcome() {
    return text(record, EventHeaders.OUTCOME).orElse("unknown");
  }

  /// Why, in words.
  public String reason() {
    return text(record, EventHeaders.REASON)
        .orElse("no worker wrote this: it has no header " + EventHeaders.REASON);
  }

  /// The event's id.
  public Optional<String> eventId() {
    return text(record, EventHeaders.ID);
  }

  /// The canvas's name: of a canvas that is not known, what the record says.
  public Optional<String> canvasName() {
    return canvas
        .map(Canvas::name)
        .or(() -> text(record, EventHeaders.CANVAS))
        .filter(name -> !name.isEmpty());
  }

  /// The queue.
  public Optional<String> queue() {
    return text(record, EventHeaders.TYPE);
  }

  /// `CANVAS/QUEUE`, with `?` for what is not known.
  public String target() {
    return canvasName().orElse("?") + "/" + queue().orElse("?");
  }

  /// Where it was first emitted: `topic/partition/offset`.
  public Optional<String> origin() {
    return text(record, EventHeaders.ORIGIN);
  }

  /// The topic where it was first emitted; empty if nothing says it.
  String originTopic() {
    return originTopic(record);
  }

  /// The worker that wrote it.
  public Optional<String> writer() {
    return text(record, EventHeaders.WRITER);
  }

  /// The last attempt; empty if there was none.
  public Optional<String> attempt() {
    return text(record, EventHeaders.ATTEMPT);
  }

  /// The lost attempts, a line each.
  public List<String> history() {
    return text(record, EventHeaders.HISTORY).orElse("").lines().toList();
  }

  /// Whether it has its payload: the topic may not have taken it.
  public boolean hasPayload() {
    return record.headers().lastHeader(EventHeaders.PAYLOAD_LEFT) == null;
  }

  /// How long its payload is, also of a letter from a list.
  public int payloadBytes() {
    return Math.max(0, record.serializedValueSize());
  }

  /// The same without its key and payload, which may be large.
  Letter withoutPayload() {
    return new Letter(
        canvas,
        new ConsumerRecord<>(
            record.topic(),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.timestampType(),
            record.serializedKeySize(),
            record.serializedValueSize(),
            null,
            null,
            record.headers(),
            record.leaderEpoch()));
  }

  private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
    @Nullable Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? Optional.empty()
        : Optional.of(new String(header.value(), UTF_8));
  }
}
