package dev.nightshift.common.backlog;

import dev.nightshift.common.DelayedEnd;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.KeyHash;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.QueueName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Which events of one partition of the delayed topic are still to come: of each key the last
/// record counts, unless it ends only what was written before the one that is before it. Some 100
/// bytes an event. For one thread.
final class Pending {
  private final Map<KeyHash, Place> events = new HashMap<>();
  private final KnownNames names;

  private record Place(QueueName queue, long offset) {}

  Pending(KnownNames names) {
    this.names = names;
  }

  /// Takes the next record of the partition.
  void add(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] bytes = record.key();
    if (bytes == null) {
      return; // It is no event, nor does it end one.
    }
    KeyHash key = KeyHash.of(bytes);
    Optional<DelayedEnd> end = DelayedEnd.of(record);
    if (end.isPresent()) {
      events.computeIfPresent(
          key, (same, place) -> place.offset() > end.get().through() ? place : null);
      return;
    }
    if (record.headers().lastHeader(EventHeaders.CANCEL) != null) {
      events.remove(key);
      return;
    }
    try {
      EventEnvelope event = EventEnvelope.read(record, false, names);
      QueueName queue = new QueueName(event.claimedCanvas().orElse(""), event.queue());
      events.put(key, new Place(queue, record.offset()));
    } catch (EventEnvelope.UndecodableException e) {
      events.remove(key); // It goes to the dead topic.
    }
  }

  /// Tells how many there are of each queue.
  void count(ObjLongConsumer<QueueName> each) {
    Map<QueueName, Long> counts = new HashMap<>();
    events.values().forEach(place -> counts.merge(place.queue(), 1L, Long::sum));
    counts.forEach(each::accept);
  }
}
