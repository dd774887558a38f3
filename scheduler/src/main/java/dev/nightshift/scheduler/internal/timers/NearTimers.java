package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// The timers that are due soon, with their records or with their records on the way; bounded by
/// what the records take. Pure; owned by one thread.
final class NearTimers {
  private final TreeSet<Near> byTime =
      new TreeSet<>(
          Comparator.comparingLong((Near near) -> near.timer.dueMicros())
              .thenComparingLong(near -> near.timer.offset()));
  private final Map<KeyHash, Near> byKey = new HashMap<>();
  private final TreeMap<Long, Near> unread = new TreeMap<>();
  private final long bytesMax;
  private long bytes;

  /// A timer that is due soon.
  static final class Near {
    private final Timer timer;
    private @Nullable ConsumerRecord<byte[], byte[]> record;

    private Near(Timer timer, @Nullable ConsumerRecord<byte[], byte[]> record) {
      this.timer = timer;
      this.record = record;
    }

    Timer timer() {
      return timer;
    }

    Optional<ConsumerRecord<byte[], byte[]>> record() {
      return Optional.ofNullable(record);
    }
  }

  NearTimers(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  int size() {
    return byTime.size();
  }

  /// Whether there is room for a timer beside the others; for one there always is.
  boolean hasRoomFor(Timer timer) {
    return byTime.isEmpty() || bytes + timer.bytes() <= bytesMax;
  }

  /// Takes out the latest of those that are due later than `timer`, until there is room for it.
  List<Timer> makeRoomFor(Timer timer) {
    List<Timer> out = new ArrayList<>();
    while (!hasRoomFor(timer) && byTime.last().timer.dueMicros() > timer.dueMicros()) {
      Near last = byTime.last();
      remove(last);
      out.add(last.timer);
    }
    return out;
  }

  /// Adds a timer whose key is not there.
  void add(Timer timer, @Nullable ConsumerRecord<byte[], byte[]> record) {
    Near near = new Near(timer, record);
    byTime.add(near);
    byKey.put(timer.key(), near);
    if (record == null) {
      unread.put(timer.offset(), near);
    }
    bytes += timer.bytes();
  }

  Optional<Near> get(KeyHash key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Optional<Near> remove(KeyHash key) {
    Optional<Near> near = get(key);
    near.ifPresent(this::remove);
    return near;
  }

  void remove(Near near) {
    byTime.remove(near);
    byKey.remove(near.timer.key());
    unread.remove(near.timer.offset());
    bytes -= near.timer.bytes();
  }

  /// Takes out all that go to a target and whose records stand below an offset.
  List<Near> removeOf(int target, long below) {
    List<Near> found =
        byTime.stream()
            .filter(near -> near.timer.target() == target && near.timer.offset() < below)
            .toList();
    found.forEach(this::remove);
    return found;
  }

  /// Takes out all.
  List<Timer> clear() {
    List<Timer> all = byTime.stream().map(near -> near.timer).toList();
    byTime.clear();
    byKey.clear();
    unread.clear();
    bytes = 0;
    return all;
  }

  /// A record was read that was wanted.
  void loaded(ConsumerRecord<byte[], byte[]> record) {
    Near near = unread.remove(record.offset());
    if (near != null) {
      near.record = record;
    }
  }

  /// The timer whose record stands at an offset, if it is here without its record.
  Optional<Near> unread(long offset) {
    return Optional.ofNullable(unread.get(offset));
  }

  /// The offsets of those without a record, in rising order.
  Set<Long> unread() {
    return unread.keySet();
  }

  /// When the earliest is due.
  Optional<Timer> first() {
    return byTime.isEmpty() ? Optional.empty() : Optional.of(byTime.first().timer);
  }

  /// In the order of their times.
  Iterator<Near> iterator() {
    return byTime.iterator();
  }
}
