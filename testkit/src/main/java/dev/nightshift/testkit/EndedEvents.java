package dev.nightshift.testkit;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.Readers;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/// The traces of events that have ended. Safe for use by many threads, which read in turn.
final class EndedEvents implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(50);

  // Both guarded by this object's monitor.
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<String, Trace> ended = new HashMap<>();

  EndedEvents(String bootstrapServers, String topic) {
    consumer = Readers.open(Map.of("bootstrap.servers", bootstrapServers));
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    } catch (RuntimeException e) {
      Readers.close(consumer);
      throw e;
    }
  }

  /// Waits for the trace of an event's end; empty if there was none in time.
  Optional<Trace> await(String id, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      synchronized (this) {
        Trace trace = ended.get(id);
        if (trace != null || System.nanoTime() - end > 0) {
          return Optional.ofNullable(trace);
        }
        consumer.poll(POLL).forEach(this::keep);
      }
    }
  }

  private void keep(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      Trace trace = RecordCodec.TRACES.decode(record.value());
      if (!Outcome.LOST.is(trace.getOutcome())) {
        ended.put(trace.getEventId(), trace);
      }
    } catch (RecordCodec.UndecodableRecordException e) {
      // Somebody else's: a test may write what it likes.
    }
  }

  @Override
  public synchronized void close() {
    Readers.close(consumer);
  }
}
