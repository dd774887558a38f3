package dev.nightshift.bench.side;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.common.EventHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RoundRobinPartitioner;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A producer with the settings that the emitter has, as fast as it can.
///
/// `ProduceSide BOOTSTRAP TOPIC GROUP bare|headers`: with `headers` its records have as many bytes
/// as an emitter's.
public final class ProduceSide {
  private static final List<Header> LIKE_EVENTS =
      List.of(
          header(EventHeaders.SPEC_VERSION, "1.0"),
          header(EventHeaders.ID, UUID.randomUUID().toString()),
          header(EventHeaders.TYPE, "work"),
          header(EventHeaders.SOURCE, "bench"));

  private ProduceSide() {}

  /// Sends all records and waits until Kafka has them.
  public static void main(String[] args) {
    List<Header> headers = args[3].equals("headers") ? LIKE_EVENTS : List.of();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            config(args[0]), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int number = 0; number < Tally.OF_PROCESS.total(); number++) {
        Payload payload = Payload.now(number, Duration.ZERO);
        Tally.OF_PROCESS.start(payload, 1);
        var unused =
            producer.send(
                new ProducerRecord<>(args[1], null, (byte[]) null, payload.bytes(), headers),
                (metadata, failure) -> {
                  if (failure == null) {
                    Tally.OF_PROCESS.end(payload.number());
                  }
                });
      }
      producer.flush();
    }
    Tally.OF_PROCESS.dump();
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  private static Map<String, Object> config(String bootstrapServers) {
    return Map.of(
        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ProducerConfig.ACKS_CONFIG,
        "all",
        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
        true,
        ProducerConfig.COMPRESSION_TYPE_CONFIG,
        "lz4",
        ProducerConfig.LINGER_MS_CONFIG,
        5,
        ProducerConfig.PARTITIONER_CLASS_CONFIG,
        RoundRobinPartitioner.class,
        ProducerConfig.BATCH_SIZE_CONFIG,
        256 << 10,
        ProducerConfig.BUFFER_MEMORY_CONFIG,
        48L << 20);
  }
}
