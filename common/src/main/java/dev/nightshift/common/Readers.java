package dev.nightshift.common;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/// Consumers that read topics for themselves: they belong to no group, take only what is committed,
/// and go on at a topic's start where what they were at is gone.
public final class Readers {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "isolation.level", "read_committed",
          "enable.auto.commit", "false",
          "auto.offset.reset", "earliest",
          // A broker answers a connection's requests one after another: a fetch that waits for more
          // holds up the question where the end is.
          "fetch.max.wait.ms", "50",
          "allow.auto.create.topics", "false");

  private Readers() {}

  /// A consumer that has asked nothing of the cluster yet. For one thread.
  ///
  /// @param client settings for all clients
  /// @throws org.apache.kafka.common.KafkaException if a setting is wrong
  public static KafkaConsumer<byte[], byte[]> open(Map<String, Object> client) {
    return open(client, Map.of(), new ByteArrayDeserializer());
  }

  /// The same with more settings of this consumer's own.
  ///
  /// @param values how payloads are read
  public static KafkaConsumer<byte[], byte[]> open(
      Map<String, Object> client, Map<String, String> more, Deserializer<byte[]> values) {
    Map<String, Object> ours = new HashMap<>(SETTINGS);
    ours.putAll(more);
    return new KafkaConsumer<>(
        ClientConfig.consumer(client, ours), new ByteArrayDeserializer(), values);
  }

  /// Copies what a record's headers share with the buffer that it was fetched in, which is kept as
  /// long as one of them is: for records that are kept for a while.
  public static void detach(ConsumerRecord<?, ?> record) {
    for (Header header : record.headers()) {
      header.value();
    }
  }

  /// Closes such a consumer at once. It has no group to leave; to wait as usual would be for the
  /// answer to its last fetch, half a second where nothing new comes.
  public static void close(Consumer<?, ?> consumer) {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
