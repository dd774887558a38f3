package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// What of a partition is to be ended without being emitted, by the offset through which its key's
/// records are over then. Pure; owned by the partition's thread.
final class DoomedTimers {
  private final TreeMap<Long, Doomed> all = new TreeMap<>();

  int size() {
    return all.size();
  }

  /// @param record the event's, if it is at hand
  void add(
      Fate fate,
      long through,
      OptionalLong offset,
      @Nullable ConsumerRecord<byte[], byte[]> record) {
    all.put(through, new Doomed(fate, through, offset, record));
  }

  boolean has(long through) {
    return all.containsKey(through);
  }

  void remove(long through) {
    all.remove(through);
  }

  /// The timer at an offset is gone: it need not be rewritten any more.
  void removeRewritten(long offset) {
    Doomed there = all.get(offset);
    if (there != null && there.fate() instanceof Fate.Rewritten) {
      all.remove(offset);
    }
  }

  /// It is ended.
  ///
  /// @return the key whose timer is over with it, if one is
  Optional<KeyHash> ended(long through) {
    Doomed ended = all.remove(through);
    return ended != null && ended.fate() instanceof Fate.Rewritten(KeyHash key)
        ? Optional.of(key)
        : Optional.empty();
  }

  /// The one that ends so far, if it is to be ended still.
  Optional<Doomed> get(long through) {
    return Optional.ofNullable(all.get(through));
  }

  /// Those that can be ended now, in rising order of their offsets.
  List<Doomed> ready() {
    return all.values().stream().filter(Doomed::isReady).toList();
  }

  boolean anyReady() {
    return all.values().stream().anyMatch(Doomed::isReady);
  }

  // --- their records

  /// The offsets of records that are to be read.
  LongStream wanted(int most) {
    return all.values().stream()
        .filter(each -> !each.isReady())
        .limit(most)
        .mapToLong(each -> each.offset().orElseThrow());
  }

  void loaded(ConsumerRecord<byte[], byte[]> record) {
    all.values().stream()
        .filter(each -> each.offset().equals(OptionalLong.of(record.offset())))
        .forEach(each -> each.loaded(record));
  }

  /// A record that was wanted is not there. What was to be told of it is dropped; that an event was
  /// cancelled is told without it.
  void missing(long offset) {
    List<Doomed> without =
        all.values().stream()
            .filter(each -> each.offset().equals(OptionalLong.of(offset)) && !each.isReady())
            .toList();
    for (Doomed each : without) {
      all.remove(each.through());
      if (each.fate() instanceof Fate.Cancelled(byte[] key, _)) {
        add(new Fate.Gone(key), each.through(), OptionalLong.empty(), null);
      }
    }
  }

  /// Keeps no records.
  void dropRecords() {
    all.replaceAll((through, each) -> new Doomed(each.fate(), through, each.offset(), null));
  }
}
