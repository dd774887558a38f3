package dev.nightshift.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads a topic from its start on, committed records only, and keeps what it was asked to keep.
/// For the test's thread.
final class TopicReader<T> implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Function<ConsumerRecord<byte[], byte[]>, T> keep;
  private final List<T> kept = new ArrayList<>();

  TopicReader(
      String bootstrapServers, String topic, Function<ConsumerRecord<byte[], byte[]>, T> keep) {
    this.keep = keep;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// All that was in the topic when this was called, and perhaps more.
  List<T> read() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
      consumer.poll(Duration.ofMillis(100)).forEach(record -> kept.add(keep.apply(record)));
    }
    return List.copyOf(kept);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
