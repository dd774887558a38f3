package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ARecordOfAnyTimeStopsNothingTest {
  private static final List<Long> TIMES =
      List.of(0L, 1L << 43, 253_402_300_800_000L, Long.MAX_VALUE / 1_000 + 1, Long.MAX_VALUE);

  @Test
  void whereItsTopicAllowsThem(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      fleet.createCanvas(1);
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      ConfigEntry any =
          new ConfigEntry("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
      fleet
          .admin()
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(any, AlterConfigOp.OpType.SET))))
          .all()
          .get();
      WorkerProcess worker = fleet.startWorker();
      for (long time : TIMES) {
        producer.send(new ProducerRecord<>(topic, 0, time, null, new byte[0])).get();
        ProducerRecord<byte[], byte[]> event =
            new ProducerRecord<>(topic, 0, time, null, "return".getBytes(UTF_8));
        event.headers().add("ce_id", ("at" + time).getBytes(UTF_8));
        event.headers().add("ce_type", "work".getBytes(UTF_8));
        producer.send(event).get();
      }
      fleet.emit("last", "return");
      fleet.await(
          "all have ended",
          Duration.ofSeconds(20),
          () -> fleet.outcomes().size() == 2 * TIMES.size() + 1);
      TIMES.forEach(time -> assertEquals("completed", fleet.outcomes().get("at" + time)));
      assertEquals(TIMES.size(), fleet.dead().size());
      assertTrue(worker.alive());
    }
  }
}
