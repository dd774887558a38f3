package dev.nightshift.common.backlog;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.ledger.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Looks for one event in all that has not ended: from each partition's base to its end. For one
/// thread.
final class EventSearch {
  private static final Duration POLL = Duration.ofMillis(100);

  private final TopicPlan plan;
  private final ControlView view;
  private final Consumer<byte[], byte[]> consumer;
  private final byte[] id;

  EventSearch(TopicPlan plan, ControlView view, Consumer<byte[], byte[]> consumer, String eventId) {
    this.plan = plan;
    this.view = view;
    this.consumer = consumer;
    this.id = eventId.getBytes(UTF_8);
  }

  /// @param since where a partition is begun, by its records' times
  /// @param silenceMax the longest without any progress
  /// @throws org.apache.kafka.common.KafkaException as Kafka does
  Optional<EventPlace> find(
      Map<TopicPartition, Backlog.Part> parts,
      Instant since,
      Duration silenceMax,
      BooleanSupplier stop) {
    Map<TopicPartition, Long> starts = starts(parts, since, silenceMax);
    Set<TopicPartition> unread = new HashSet<>(starts.keySet());
    consumer.assign(unread);
    consumer.resume(unread);
    starts.forEach(consumer::seek);
    long heard = System.nanoTime();
    long left = left(unread, parts);
    while (!unread.isEmpty() && !stop.getAsBoolean()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Optional<EventPlace> place = place(record, parts);
        if (place.isPresent()) {
          return place;
        }
      }
      long now = left(unread, parts);
      if (now < left) {
        left = now;
        heard = System.nanoTime();
      } else if (System.nanoTime() - heard > silenceMax.toNanos()) {
        throw new TimeoutException("no records came");
      }
      forgetRead(unread, parts);
    }
    return Optional.empty();
  }

  private Map<TopicPartition, Long> starts(
      Map<TopicPartition, Backlog.Part> parts, Instant since, Duration timeout) {
    Map<TopicPartition, Long> times = new HashMap<>();
    parts.forEach((partition, part) -> {
      if (part.ledger().base() < part.end()) {
        times.put(partition, Math.max(0, since.toEpochMilli()));
      }
    });
    Map<TopicPartition, Long> starts = new HashMap<>();
    consumer.assign(times.keySet()); // or Kafka warns of the answers
    consumer
        .offsetsForTimes(times, timeout)
        .forEach((TopicPartition partition, @Nullable OffsetAndTimestamp first) -> {
          Backlog.Part part = parts.get(partition);
          if (first != null && part != null && first.offset() < part.end()) {
            starts.put(partition, Math.max(first.offset(), part.ledger().base()));
          }
        });
    return starts;
  }

  private long left(Set<TopicPartition> unread, Map<TopicPartition, Backlog.Part> parts) {
    long left = 0;
    for (TopicPartition partition : unread) {
      left += Math.max(0, end(partition, parts) - consumer.position(partition));
    }
    return left;
  }

  private void forgetRead(Set<TopicPartition> unread, Map<TopicPartition, Backlog.Part> parts) {
    List<TopicPartition> read =
        unread.stream()
            .filter(partition -> consumer.position(partition) >= end(partition, parts))
            .toList();
    unread.removeAll(Set.copyOf(read));
    consumer.pause(read);
  }

  private static long end(TopicPartition partition, Map<TopicPartition, Backlog.Part> parts) {
    Backlog.Part part = parts.get(partition);
    return part == null ? 0 : part.end();
  }

  private Optional<EventPlace> place(
      ConsumerRecord<byte[], byte[]> record, Map<TopicPartition, Backlog.Part> parts) {
    @Nullable Header header = record.headers().lastHeader(EventHeaders.ID);
    Backlog.Part part = parts.get(new TopicPartition(record.topic(), record.partition()));
    if (header == null || !Arrays.equals(header.value(), id) || part == null) {
      return Optional.empty();
    }
    Mark mark = part.ledger().mark(record.offset());
    if (record.offset() >= part.end() || mark == Mark.COMPLETED) {
      return Optional.empty();
    }
    EventPlace.Kind kind =
        plan.isLane(record.topic())
            ? EventPlace.Kind.LANE
            : record.topic().equals(plan.retry()) ? EventPlace.Kind.RETRY : EventPlace.Kind.EVENTS;
    try {
      EventEnvelope event = EventEnvelope.read(record, kind != EventPlace.Kind.EVENTS);
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
