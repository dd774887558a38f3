package dev.nightshift.common.backlog;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.QueueName;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Which events of one partition of the delayed topic are still to come: of each key the last
/// record counts. Some 80 bytes an event. For one thread.
final class Pending {
  private final Map<Key, QueueName> events = new HashMap<>();
  private final KnownNames names;
  private final MessageDigest digest = digest();

  /// Half a hash of a key, which is as good as the key itself and much shorter.
  private record Key(long high, long low) {}

  Pending(KnownNames names) {
    this.names = names;
  }

  /// Takes the next record of the partition.
  void add(ConsumerRecord<byte[], byte[]> record) {
    byte @Nullable [] bytes = record.key();
    if (bytes == null) {
      return; // It is no event, nor does it end one.
    }
    Key key = key(bytes);
    if (!isEvent(record)) {
      events.remove(key);
      return;
    }
    try {
      EventEnvelope event = EventEnvelope.read(record, false, names);
      events.put(key, new QueueName(event.claimedCanvas().orElse(""), event.queue()));
    } catch (EventEnvelope.UndecodableException e) {
      events.remove(key); // It goes to the dead topic.
    }
  }

  /// Whether a record says that an event is to be emitted; else it ends one, or asks for its end.
  static boolean isEvent(ConsumerRecord<byte[], byte[]> record) {
    return record.serializedValueSize() >= 0
        && record.headers().lastHeader(EventHeaders.CANCEL) == null;
  }

  /// Tells how many there are of each queue.
  void count(ObjLongConsumer<QueueName> each) {
    Map<QueueName, Long> counts = new HashMap<>();
    events.values().forEach(queue -> counts.merge(queue, 1L, Long::sum));
    counts.forEach(each::accept);
  }

  private Key key(byte[] bytes) {
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(bytes));
    return new Key(hash.getLong(), hash.getLong());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java has it
    }
  }
}
