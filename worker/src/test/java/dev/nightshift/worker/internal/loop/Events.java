package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.ledger.Ledger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// Events for tests of the pure parts.
final class Events {
  private static final Partition PARTITION =
      new Partition(
          new TopicPartition("events.a", 0),
          1,
          Partition.Kind.RETRY,
          Ledger.empty(Uuid.randomUuid(), 0),
          "worker-0");

  private Events() {}

  static Waiting of(String canvas, String queue, long offset) {
    return of(canvas, queue, offset, 0);
  }

  static Waiting of(String canvas, String queue, long offset, int suspicion) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("events.a", 0, offset, new byte[0], new byte[0]);
    record.headers().add(EventHeaders.ID, Long.toString(offset).getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, queue.getBytes(UTF_8));
    record.headers().add(EventHeaders.SUSPICION, Integer.toString(suspicion).getBytes(UTF_8));
    return new Waiting(
        PARTITION,
        new Canvas(canvas, 1, "events." + canvas, "workers", false),
        EventEnvelope.read(record, true));
  }
}
