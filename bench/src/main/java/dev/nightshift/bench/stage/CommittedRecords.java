package dev.nightshift.bench.stage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads a topic from its beginning, only what is committed. For one thread.
public final class CommittedRecords implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(10);

  private final KafkaConsumer<byte[], byte[]> consumer;

  /// Of a topic that there is.
  public CommittedRecords(String bootstrapServers, String topic) {
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// Waits a moment for some, and hands them over, each with the time at which it was read.
  public void poll(BiConsumer<ConsumerRecord<byte[], byte[]>, Instant> each) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      each.accept(record, Instant.now());
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
