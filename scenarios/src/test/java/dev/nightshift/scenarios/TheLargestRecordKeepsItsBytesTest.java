package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheLargestRecordKeepsItsBytesTest {
  // With its headers, as much as a topic takes unless told otherwise.
  private static final int BYTES = 1_048_440;

  @Test
  void whereItIsTriedAgainAndWhereItIsDead(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers", fleet.bootstrapServers(), "max.request.size", 2_000_000),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      fleet.createCanvas(1);
      WorkerProcess first = fleet.startWorker();
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      byte[] broken = filled("");
      producer.send(new ProducerRecord<>(topic, broken)).get();
      ProducerRecord<byte[], byte[]> large = new ProducerRecord<>(topic, filled("until go "));
      large.headers().add("ce_id", "large".getBytes(UTF_8)).add("ce_type", "work".getBytes(UTF_8));
      producer.send(large).get();
      fleet.await("it runs", Duration.ofSeconds(20), () -> fleet.starts("large").size() == 1);

      first.kill();
      fleet.startWorker();
      fleet.await("it runs again", Duration.ofSeconds(20), () -> fleet.starts("large").size() == 2);
      fleet.release("go");
      fleet.await("both have ended", Duration.ofSeconds(20), () -> fleet.outcomes().size() == 2);

      assertEquals("completed", fleet.outcomes().get("large"));
      assertEquals(List.of(1, 2), fleet.starts("large").stream().map(Note::attempt).toList());
      assertEquals(1, fleet.retries().size());
      assertArrayEquals(large.value(), fleet.retries().get(0).value());
      assertEquals(1, fleet.dead().size());
      assertArrayEquals(broken, fleet.dead().get(0).value());
    }
  }

  // Nothing that a compression could shorten.
  private static byte[] filled(String start) {
    return new Random(7)
        .ints('!', '~')
        .limit(BYTES - start.length())
        .collect(
            () -> new StringBuilder(start), StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .getBytes(UTF_8);
  }
}
