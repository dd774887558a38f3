package dev.nightshift.cli.internal;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.record.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Reads the traces topic from its start. Owned by one thread.
final class TraceReader implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  TraceReader(Map<String, Object> client, TopicPlan plan) {
    this.consumer =
        new KafkaConsumer<>(
            ClientConfig.consumer(
                client, Map.of("isolation.level", "read_committed", "enable.auto.commit", "false")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    this.partitions =
        consumer.partitionsFor(plan.traces()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /// The next traces, waiting up to `wait` for the first. What cannot be read is passed over.
  List<Trace> poll(Duration wait) {
    List<Trace> traces = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      if (record.value() != null) {
        try {
          traces.add(RecordCodec.TRACES.decode(record.value()));
        } catch (RecordCodec.UndecodableRecordException e) {
          // Somebody else's; there is nothing to show of it.
        }
      }
    }
    return traces;
  }

  /// Whether everything up to now has been read.
  boolean atEnd() {
    return consumer.endOffsets(partitions).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public void close() {
    consumer.close();
  }
}
