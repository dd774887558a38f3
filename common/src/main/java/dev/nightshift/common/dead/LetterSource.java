package dev.nightshift.common.dead;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Gives chosen letters with their payloads, partition by partition, each from the oldest on. Those
/// that were trimmed meanwhile are left out. Owned by one thread.
final class LetterSource {
  private final LetterSet wanted;
  private final Partitions log;
  private final Deque<Integer> partitions;
  private final Deque<ConsumerRecord<byte[], byte[]>> read = new ArrayDeque<>();
  private int partition;
  private long next;
  private long end;

  /// Where letters are read.
  interface Partitions {
    /// Begins with a partition.
    void start(int partition, long offset);

    /// The next records of the partition begun with; none if there are no more below `end`.
    ///
    /// @param skipTo no record below is wanted
    Iterable<ConsumerRecord<byte[], byte[]>> next(int partition, long skipTo, long end);
  }

  LetterSource(LetterSet wanted, Partitions log) {
    this.wanted = wanted;
    this.log = log;
    this.partitions = new ArrayDeque<>(wanted.partitions());
  }

  /// The next ones, as many as these bounds allow but at least one; none at the end.
  List<ConsumerRecord<byte[], byte[]>> next(int count, long bytes) {
    List<ConsumerRecord<byte[], byte[]>> chunk = new ArrayList<>();
    long sum = 0;
    while (chunk.size() < count && fill()) {
      sum += Math.max(0, read.getFirst().serializedValueSize());
      if (sum > bytes && !chunk.isEmpty()) {
        break;
      }
      chunk.add(read.removeFirst());
    }
    return chunk;
  }

  private boolean fill() {
    while (read.isEmpty()) {
      OptionalLong skipTo = wanted.next(partition, next);
      if (next >= end || skipTo.isEmpty()) {
        if (!begin()) {
          return false;
        }
        continue;
      }
      boolean any = false;
      for (ConsumerRecord<byte[], byte[]> record : log.next(partition, skipTo.getAsLong(), end)) {
        any = true;
        next = record.offset() + 1;
        if (wanted.contains(new LetterId(record.partition(), record.offset()))) {
          read.addLast(record);
        }
      }
      next = any ? next : end;
    }
    return true;
  }

  private boolean begin() {
    Integer following = partitions.pollFirst();
    if (following == null) {
      next = end;
      return false;
    }
    partition = following;
    next = wanted.next(partition, 0).orElse(0);
    end = wanted.last(partition).orElse(-1) + 1;
    if (next < end) {
      log.start(partition, next);
    }
    return true;
  }
}
