package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionsMayBeAddedWhileWorkersRunTest {
  @Test
  void andWhatIsWrittenThereAtOnceRunsToo(@TempDir Path folder) throws Exception {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      String topic = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
      fleet.startWorker("--command-property=metadata.max.age.ms=1000");
      fleet.startWorker("--command-property=metadata.max.age.ms=1000");
      try (EmitLoop load = new EmitLoop(fleet, "sleep 10")) {
        fleet.admin().createPartitions(Map.of(topic, NewPartitions.increaseTo(6))).all().get();
        try (KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
          for (int partition = 2; partition < 6; partition++) {
            ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, null, "return".getBytes(UTF_8));
            record.headers().add("ce_type", "work".getBytes(UTF_8));
            record.headers().add("ce_id", ("p" + partition).getBytes(UTF_8));
            producer.send(record).get();
          }
        }
        fleet.await(
            "what lies in the new partitions has ended",
            Duration.ofSeconds(30),
            () -> fleet.outcomes().keySet().stream().filter(id -> id.startsWith("p")).count() == 4);
        load.close();
        fleet.await(
            "all have ended",
            Duration.ofSeconds(30),
            () -> fleet.outcomes().size() == load.acknowledged().size() + 4);
      }
      fleet.outcomes().forEach((id, outcome) -> assertEquals("completed", outcome, id));
    }
  }
}
