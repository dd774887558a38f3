package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndecodableRecordsNeverStopAPartitionTest {
  private static final int BROKEN = 5_000;
  private static final int KINDS = 12;
  // What the dead topic adds; the rest is as it came, in its order.
  private static final Set<String> ADDED =
      Set.of("ns-outcome", "ns-reason", "ns-origin", "ns-writer");

  @Test
  void eachLiesInTheDeadTopicAsItCame(@TempDir Path folder) {
    Random random = new Random(7);
    Map<String, ProducerRecord<byte[], byte[]>> broken = new HashMap<>();
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(3);
      fleet.startWorker();
      try (KafkaProducer<byte[], byte[]> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", fleet.bootstrapServers()),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        for (int i = 0; i < BROKEN; i++) {
          ProducerRecord<byte[], byte[]> record =
              record("broken" + i, value(random), broken(i % KINDS, random));
          broken.put("broken" + i, record);
          producer.send(record);
          producer.send(record("good", text("return"), event("good" + i, "work")));
        }
        producer.flush();
      }
      fleet.await(
          "all have ended",
          Duration.ofSeconds(60),
          () -> fleet.dead().size() >= BROKEN && fleet.outcomes().size() >= 2 * BROKEN);

      Map<String, String> outcomes = fleet.outcomes();
      for (int i = 0; i < BROKEN; i++) {
        assertEquals("completed", outcomes.get("good" + i));
      }
      assertEquals(2 * BROKEN, fleet.traces().size());
      assertEquals(BROKEN, fleet.notes().stream().filter(Note::isStart).count());
      assertEquals(BROKEN, fleet.dead().size());
      for (ConsumerRecord<byte[], byte[]> dead : fleet.dead()) {
        String key = new String(dead.key(), UTF_8);
        ProducerRecord<byte[], byte[]> sent = broken.remove(key);
        assertTrue(sent != null, key + " is there twice");
        assertArrayEquals(sent.value(), dead.value(), key);
        assertEquals(
            List.of(sent.headers().toArray()),
            Arrays.stream(dead.headers().toArray()).filter(h -> !ADDED.contains(h.key())).toList(),
            key);
        assertEquals("undecodable", header(dead, "ns-outcome"));
        assertFalse(header(dead, "ns-reason").isEmpty());
      }
      assertEquals(Map.of(), broken);
    }
  }

  private static Headers broken(int kind, Random random) {
    byte[] bytes = new byte[1 + random.nextInt(40)];
    random.nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    return switch (kind) {
      case 0 -> new RecordHeaders();
      case 1 -> new RecordHeaders().add("ce_id", text("x"));
      case 2 -> event("x", "no queue!");
      case 3 -> event("x", "q".repeat(101));
      case 4 -> event("", "work");
      case 5 -> event("x", "work").add("ce_type", bytes);
      case 6 -> event("x", "work").add("ce_id", bytes);
      case 7 -> event("x", "work").add("ce_type", null);
      case 8 -> event("x", "work").add("ce_time", text("noon"));
      case 9 -> event("x", "work").add("ns-canvas", bytes);
      case 10 -> new RecordHeaders().add("", bytes).add("", null).add("ns-attempt", bytes);
      default -> new RecordHeaders().add("traceparent", bytes).add("content-type", bytes);
    };
  }

  private static byte @Nullable [] value(Random random) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    byte[] value = new byte[random.nextInt(64)];
    random.nextBytes(value);
    return value;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String key, byte @Nullable [] value, Headers headers) {
    return new ProducerRecord<>(
        ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1),
        null,
        key.equals("good") ? null : text(key),
        value,
        headers);
  }

  private static Headers event(String id, String queue) {
    return new RecordHeaders().add("ce_id", text(id)).add("ce_type", text(queue));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
