package dev.nightshift.worker.internal.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/// One partition's records, aborted ones and transaction markers included: both take offsets and
/// are never read. Owned by the cluster's thread.
final class MemoryPartition {
  /// What takes an offset.
  private sealed interface Entry {
    record Plain(ConsumerRecord<byte[], byte[]> record) implements Entry {}

    record Transactional(ConsumerRecord<byte[], byte[]> record, MemoryTransaction transaction)
        implements Entry {}

    record Marker() implements Entry {}
  }

  /// What was read.
  ///
  /// @param next where reading goes on
  record Slice(List<ConsumerRecord<byte[], byte[]>> records, long next) {}

  private final TopicPartition name;

  /// By offset.
  private final List<Entry> entries = new ArrayList<>();

  /// The open transactions that have records here, with the first offset of each, which ascend.
  private final SequencedMap<MemoryTransaction, Long> open = new LinkedHashMap<>();

  private long start;

  MemoryPartition(TopicPartition name) {
    this.name = name;
  }

  void append(
      ProducerRecord<byte[], byte[]> record, Instant now, Optional<MemoryTransaction> transaction) {
    long offset = entries.size();
    ConsumerRecord<byte[], byte[]> stored = stored(record, offset, now);
    transaction.ifPresentOrElse(
        t -> {
          t.touched(this);
          open.putIfAbsent(t, offset);
          entries.add(new Entry.Transactional(stored, t));
        },
        () -> entries.add(new Entry.Plain(stored)));
  }

  /// Notes the end of a transaction that has records here.
  void mark(MemoryTransaction ended) {
    open.remove(ended);
    entries.add(new Entry.Marker());
  }

  /// The first offset that can be read.
  long start() {
    return start;
  }

  /// The offset after the last one that can be read: up to the first open transaction.
  long lastStable() {
    return open.isEmpty() ? entries.size() : open.firstEntry().getValue();
  }

  /// Whether a transaction that is open has records here.
  boolean isOpen() {
    return !open.isEmpty();
  }

  /// Forgets what lies below `before`.
  void trim(long before) {
    if (before < start || before > lastStable()) {
      throw new IllegalArgumentException(
          "cannot trim %s to %d: it holds %d to %d".formatted(name, before, start, lastStable()));
    }
    start = before;
  }

  /// Up to `max` committed records from `offset`, or from the start if there is no such offset.
  Slice read(long offset, int max) {
    long end = lastStable();
    long next = offset < start || offset > entries.size() ? start : offset;
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (next < end && records.size() < max) {
      committed(entries.get(Math.toIntExact(next))).ifPresent(records::add);
      next++;
    }
    return new Slice(records, next);
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> committed(Entry entry) {
    return switch (entry) {
      case Entry.Plain(var record) -> Optional.of(record);
      case Entry.Transactional(var record, var transaction) ->
          transaction.isCommitted() ? Optional.of(record) : Optional.empty();
      case Entry.Marker() -> Optional.empty();
    };
  }

  private ConsumerRecord<byte[], byte[]> stored(
      ProducerRecord<byte[], byte[]> record, long offset, Instant now) {
    return new ConsumerRecord<>(
        name.topic(),
        name.partition(),
        offset,
        record.timestamp() == null ? now.toEpochMilli() : record.timestamp(),
        TimestampType.CREATE_TIME,
        record.key() == null ? ConsumerRecord.NULL_SIZE : record.key().length,
        record.value() == null ? ConsumerRecord.NULL_SIZE : record.value().length,
        record.key(),
        record.value(),
        new RecordHeaders(record.headers()),
        Optional.empty());
  }
}
