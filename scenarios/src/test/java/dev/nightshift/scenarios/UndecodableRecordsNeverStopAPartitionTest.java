package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UndecodableRecordsNeverStopAPartitionTest {
  private static final int THOUSANDS = 5_000;

  @Test
  void eachLiesInTheDeadTopicAsItCame(@TempDir Path folder) {
    Random random = new Random(7);
    Map<String, ProducerRecord<byte[], byte[]>> broken = new HashMap<>();
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(3);
      fleet.startWorker();
      try (EmitLoop good = new EmitLoop(fleet, "return");
          KafkaProducer<byte[], byte[]> producer =
              new KafkaProducer<>(
                  Map.of("bootstrap.servers", fleet.bootstrapServers()),
                  new ByteArraySerializer(),
                  new ByteArraySerializer())) {
        for (int i = 0; i < THOUSANDS; i++) {
          byte[] key = ("broken" + i).getBytes(UTF_8);
          byte[] value = new byte[random.nextInt(64)];
          random.nextBytes(value);
          ProducerRecord<byte[], byte[]> record =
              new ProducerRecord<>(
                  ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1),
                  null,
                  key,
                  value,
                  broken(i % 7, random));
          broken.put("broken" + i, record);
          producer.send(record);
        }
        producer.flush();
        good.close();
        fleet.await(
            "all have ended",
            Duration.ofSeconds(60),
            () ->
                fleet.dead().size() >= THOUSANDS
                    && fleet.outcomes().keySet().containsAll(good.acknowledged().keySet()));
        good.acknowledged()
            .keySet()
            .forEach(id -> assertEquals("completed", fleet.outcomes().get(id)));
      }
      assertEquals(THOUSANDS, fleet.dead().size());
      for (ConsumerRecord<byte[], byte[]> dead : fleet.dead()) {
        String key = new String(dead.key(), UTF_8);
        ProducerRecord<byte[], byte[]> sent = broken.remove(key);
        assertTrue(sent != null, key + " is there twice");
        assertArrayEquals(sent.value(), dead.value());
        for (Header header : sent.headers()) {
          assertTrue(List.of(dead.headers().toArray()).contains(header), key + ": " + header);
        }
        assertEquals("undecodable", header(dead, "ns-outcome"));
        assertTrue(!header(dead, "ns-reason").isEmpty());
      }
      assertEquals(Map.of(), broken);
    }
  }

  private static Headers broken(int how, Random random) {
    byte[] bytes = new byte[1 + random.nextInt(40)];
    random.nextBytes(bytes);
    bytes[0] = (byte) 0xff;
    Headers headers = new RecordHeaders();
    switch (how) {
      case 0 -> {}
      case 1 -> headers.add("ce_id", text("x"));
      case 2 -> headers.add("ce_id", text("x")).add("ce_type", text("no queue!"));
      case 3 -> headers.add("ce_id", text("x")).add("ce_type", bytes);
      case 4 -> headers.add("ce_id", bytes).add("ce_type", text("work"));
      case 5 ->
          headers.add("ce_id", text("x")).add("ce_type", text("work")).add("ce_time", text("noon"));
      default ->
          headers.add("ce_id", text("x")).add("ce_type", text("work")).add("ns-canvas", bytes);
    }
    return headers;
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), UTF_8);
  }
}
