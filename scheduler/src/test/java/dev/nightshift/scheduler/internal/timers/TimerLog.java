package dev.nightshift.scheduler.internal.timers;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.EndRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// A partition of the delayed topic, and books that read it.
final class TimerLog {
  static final TopicPlan PLAN = TopicPlan.standard();
  static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final long MINUTE = 60_000_000;
  static final ControlView VIEW =
      ControlView.EMPTY.with(
          new Canvas("shop", 1, PLAN.events("shop", 1), PLAN.workersGroup(), false));

  final TreeMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
  long end;

  ConsumerRecord<byte[], byte[]> append(
      String key, byte @Nullable [] value, Map<String, String> headers) {
    Headers all = new RecordHeaders();
    headers.forEach((name, text) -> all.add(name, text.getBytes(UTF_8)));
    return append(key.getBytes(UTF_8), value, all);
  }

  ConsumerRecord<byte[], byte[]> append(byte[] key, byte @Nullable [] value, Headers headers) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            PLAN.delayed(),
            0,
            end,
            NOON.toEpochMilli(),
            TimestampType.CREATE_TIME,
            key.length,
            value == null ? -1 : value.length,
            key,
            value,
            headers,
            Optional.empty());
    records.put(end++, record);
    return record;
  }

  ConsumerRecord<byte[], byte[]> event(String id, Instant due) {
    return append(
        "shop/" + id,
        "{}".getBytes(UTF_8),
        Map.of(
            "ce_id",
            id,
            "ce_type",
            "mail",
            "ns-canvas",
            "shop",
            "ns-events-topic",
            PLAN.events("shop", 1),
            "ns-due",
            due.toString()));
  }

  ConsumerRecord<byte[], byte[]> cancel(String id) {
    return append(
        "shop/" + id, new byte[0], Map.of("ce_id", id, "ce_type", "mail", "ns-cancel", "ann"));
  }

  ConsumerRecord<byte[], byte[]> at(long offset) {
    return Objects.requireNonNull(records.get(offset), () -> "nothing at " + offset);
  }

  /// The records of an act that go to this partition.
  List<ConsumerRecord<byte[], byte[]>> write(Act act) {
    List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : act.records()) {
      if (record.topic().equals(PLAN.delayed())) {
        written.add(append(record.key(), record.value(), record.headers()));
      }
    }
    return written;
  }

  /// Removes what a later record below `to` has replaced.
  void compact(long to) {
    Map<String, Long> last = new HashMap<>();
    records
        .headMap(to)
        .forEach((offset, record) -> last.put(new String(record.key(), UTF_8), offset));
    records
        .headMap(to)
        .entrySet()
        .removeIf(
            each -> !each.getKey().equals(last.get(new String(each.getValue().key(), UTF_8))));
  }

  static TimerBook book(long bytesMax) {
    return new TimerBook(
        new TimerRecords(PLAN, 0, new EndRecords(PLAN, "scheduler-1", "host", 6)),
        bytesMax,
        MINUTE);
  }

  static long micros(Instant instant) {
    return TimerBook.nowMicros(instant);
  }
}
