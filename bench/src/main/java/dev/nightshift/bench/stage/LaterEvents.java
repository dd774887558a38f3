package dev.nightshift.bench.stage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes events that are to be emitted later, as fast as it can: what emitters write one by one.
/// For one thread.
public final class LaterEvents implements AutoCloseable {
  private static final int PAYLOAD_BYTES = 200;

  private final TopicPlan plan;
  private final KafkaProducer<byte[], byte[]> producer;

  /// Into the queue of work of a fleet's only canvas.
  public LaterEvents(String bootstrapServers, TopicPlan plan) {
    this.plan = plan;
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "linger.ms",
                20,
                "batch.size",
                256 << 10,
                "compression.type",
                "lz4"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /// Writes one. It is stored when [#close] has returned.
  public void write(String id, Instant due) {
    Headers headers = new RecordHeaders();
    Map.of(
            EventHeaders.SPEC_VERSION,
            "1.0",
            EventHeaders.ID,
            id,
            EventHeaders.TYPE,
            Load.WORK,
            EventHeaders.SOURCE,
            "bench",
            EventHeaders.TIME,
            Instant.now().toString(),
            EventHeaders.CANVAS,
            Load.CANVAS,
            EventHeaders.EVENTS_TOPIC,
            plan.events(Load.CANVAS, 1),
            EventHeaders.DUE,
            due.toString())
        .forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    producer.send(
        new ProducerRecord<>(
            plan.delayed(),
            null,
            null,
            (Load.CANVAS + "/" + id).getBytes(UTF_8),
            new byte[PAYLOAD_BYTES],
            headers));
  }

  @Override
  public void close() {
    producer.close();
  }
}
