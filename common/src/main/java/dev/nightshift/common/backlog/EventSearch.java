package dev.nightshift.common.backlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.DelayedEnd;
import dev.nightshift.common.DelayedKey;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.Silence;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Mark;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Looks for one event in the canvases' topics, the lanes, the retry and the delayed topic. For one
/// thread.
final class EventSearch {
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicPlan plan;
  private final ControlView view;
  private final Consumer<byte[], byte[]> consumer;
  private final KnownNames names = new KnownNames();
  private final byte[] id;
  private final Duration silenceMax;

  /// @param silenceMax the longest wait for an answer
  EventSearch(
      TopicPlan plan,
      ControlView view,
      Consumer<byte[], byte[]> consumer,
      String eventId,
      Duration silenceMax) {
    this.plan = plan;
    this.view = view;
    this.consumer = consumer;
    this.id = eventId.getBytes(UTF_8);
    this.silenceMax = silenceMax;
  }

  /// Offsets of one partition, the end not among them.
  private record Range(long from, long to) {}

  /// Looks in what has not ended: from each partition's base to its end.
  ///
  /// @param since where a partition is begun, by its records' times
  /// @param wanted which of those with this id
  /// @param more how much longer is looked for others, once one is found
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  List<EventPlace> open(
      Map<TopicPartition, Backlog.Part> parts,
      Instant since,
      Predicate<EventPlace> wanted,
      Duration more,
      BooleanSupplier stop) {
    Map<TopicPartition, Range> ranges = new HashMap<>();
    firstSince(parts.keySet(), since)
        .forEach((partition, first) -> {
          Backlog.Part part = part(partition, parts);
          ranges.put(partition, new Range(Math.max(first, part.ledger().base()), part.end()));
        });
    return find(ranges, parts, wanted.and(place -> place.mark() != Mark.COMPLETED), more, stop);
  }

  /// Looks in what the canvases' topics have of events that have ended or were moved.
  ///
  /// @param since where a partition is begun, by its records' times
  /// @param until where it is ended
  /// @param wanted which of those with this id
  /// @param more how much longer is looked for others, once one is found
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  List<EventPlace> completed(
      Map<TopicPartition, Backlog.Part> parts,
      Instant since,
      Instant until,
      Predicate<EventPlace> wanted,
      Duration more) {
    Set<TopicPartition> events =
        parts.keySet().stream()
            .filter(partition -> kind(partition.topic()) == EventPlace.Kind.EVENTS)
            .collect(Collectors.toSet());
    Map<TopicPartition, Long> ends = firstSince(events, until);
    Map<TopicPartition, Range> ranges = new HashMap<>();
    firstSince(events, since)
        .forEach((partition, first) ->
            ranges.put(
                partition,
                new Range(first, ends.getOrDefault(partition, part(partition, parts).end()))));
    return find(
        ranges, parts, wanted.and(place -> place.mark() == Mark.COMPLETED), more, () -> false);
  }

  /// Looks in the delayed topic: of each canvas the last record of the event's key counts.
  ///
  /// @param since where a partition is begun, by its records' times
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  List<DelayedEvent> delayed(Map<TopicPartition, Backlog.Part> parts, Instant since) {
    Map<TopicPartition, Range> ranges = new HashMap<>();
    firstSince(parts.keySet(), since)
        .forEach((partition, first) ->
            ranges.put(partition, new Range(first, part(partition, parts).end())));
    Map<ByteBuffer, ConsumerRecord<byte[], byte[]>> last = new TreeMap<>();
    scan(ranges, record -> note(record, last), () -> false);
    List<DelayedEvent> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : last.values()) {
      long end = part(new TopicPartition(record.topic(), record.partition()), parts).end();
      place(record, parts).ifPresent(place -> found.add(new DelayedEvent(place, end)));
    }
    return found;
  }

  private void note(
      ConsumerRecord<byte[], byte[]> record, Map<ByteBuffer, ConsumerRecord<byte[], byte[]>> last) {
    byte @Nullable [] key = record.key();
    if (key == null || !DelayedKey.isOf(key, id)) {
      return;
    }
    Optional<DelayedEnd> end = DelayedEnd.of(record);
    if (end.isEmpty()) {
      last.put(ByteBuffer.wrap(key), record);
    } else {
      last.computeIfPresent(
          ByteBuffer.wrap(key),
          (same, event) -> event.offset() > end.get().through() ? event : null);
    }
  }

  private Map<TopicPartition, Long> firstSince(Set<TopicPartition> partitions, Instant since) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
    consumer.assign(partitions); // or Kafka warns of the answers
    Map<TopicPartition, Long> offsets = new HashMap<>();
    consumer
        .offsetsForTimes(times, silenceMax)
        .forEach((TopicPartition partition, @Nullable OffsetAndTimestamp first) -> {
          if (first != null) {
            offsets.put(partition, first.offset());
          }
        });
    return offsets;
  }

  private List<EventPlace> find(
      Map<TopicPartition, Range> ranges,
      Map<TopicPartition, Backlog.Part> parts,
      Predicate<EventPlace> wanted,
      Duration more,
      BooleanSupplier stop) {
    List<EventPlace> found = new ArrayList<>();
    long[] firstAt = new long[1];
    scan(
        ranges,
        record ->
            place(record, parts)
                .filter(wanted)
                .ifPresent(place -> {
                  firstAt[0] = found.isEmpty() ? System.nanoTime() : firstAt[0];
                  found.add(place);
                }),
        () ->
            stop.getAsBoolean()
                || (!found.isEmpty() && System.nanoTime() - firstAt[0] > more.toNanos()));
    return found;
  }

  /// Reads ranges to their ends, or until it is to stop.
  private void scan(
      Map<TopicPartition, Range> ranges,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> look,
      BooleanSupplier stop) {
    ranges.values().removeIf(range -> range.from() >= range.to());
    consumer.assign(ranges.keySet());
    consumer.resume(ranges.keySet());
    ranges.forEach((partition, range) -> consumer.seek(partition, range.from()));
    Map<TopicPartition, Range> unread = new HashMap<>(ranges);
    Silence silence = new Silence(silenceMax);
    while (!unread.isEmpty() && !stop.getAsBoolean()) {
      long begun = System.nanoTime();
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < Objects.requireNonNull(ranges.get(partition)).to()) {
          look.accept(record);
        }
      }
      if (silence.isTooLong(System.nanoTime() - begun, left(unread))) {
        throw new TimeoutException("no records came");
      }
      forgetRead(unread);
    }
  }

  private long left(Map<TopicPartition, Range> unread) {
    return unread.entrySet().stream()
        .mapToLong(each -> Math.max(0, each.getValue().to() - consumer.position(each.getKey())))
        .sum();
  }

  private void forgetRead(Map<TopicPartition, Range> unread) {
    Set<TopicPartition> read =
        unread.entrySet().stream()
            .filter(each -> consumer.position(each.getKey()) >= each.getValue().to())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    unread.keySet().removeAll(read);
    consumer.pause(read);
  }

  private static Backlog.Part part(
      TopicPartition partition, Map<TopicPartition, Backlog.Part> parts) {
    return Objects.requireNonNull(parts.get(partition));
  }

  private EventPlace.Kind kind(String topic) {
    if (plan.isLane(topic)) {
      return EventPlace.Kind.LANE;
    }
    if (topic.equals(plan.delayed())) {
      return EventPlace.Kind.DELAYED;
    }
    return topic.equals(plan.retry()) ? EventPlace.Kind.RETRY : EventPlace.Kind.EVENTS;
  }

  private Optional<EventPlace> place(
      ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Backlog.Part> parts) {
    @Nullable Header header = record.headers().lastHeader(EventHeaders.ID);
    Backlog.Part part = parts.get(new TopicPartition(record.topic(), record.partition()));
    if (header == null || !Arrays.equals(header.value(), id) || part == null) {
      return Optional.empty();
    }
    if (record.offset() >= part.end()) {
      return Optional.empty();
    }
    Mark mark = part.ledger().mark(record.offset());
    EventPlace.Kind kind = kind(record.topic());
    try {
      boolean trusted = kind == EventPlace.Kind.LANE || kind == EventPlace.Kind.RETRY;
      EventEnvelope event = EventEnvelope.read(record, trusted, names);
      return Optional.of(
          new EventPlace(
              Backlog.canvasOf(view, record.topic(), event),
              kind,
              mark,
              part.writer(),
              event,
              Math.max(0, record.serializedValueSize())));
    } catch (EventEnvelope.UndecodableException e) {
      return Optional.empty(); // It goes to the dead topic.
    }
  }
}
