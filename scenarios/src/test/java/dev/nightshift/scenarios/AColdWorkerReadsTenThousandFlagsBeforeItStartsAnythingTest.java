package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Flag;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.FlagKindRecord;
import dev.nightshift.common.record.FlagRecord;
import dev.nightshift.common.record.FlagState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AColdWorkerReadsTenThousandFlagsBeforeItStartsAnythingTest {
  private static final int FLAGS = 10_000;
  private static final int EVENTS = 300;

  /// The flag that counts is the last of them all.
  @Test
  void andWhatIsNotFlaggedRuns(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder)) {
      fleet.createCanvas(2);
      fleet.emitMany("flagged", EVENTS, "return");
      for (int i = 0; i < 20; i++) {
        fleet.emitTo(ScenarioFleet.CANVAS, "urgent", "free" + i, "return");
      }
      fleet.emitTo(ScenarioFleet.CANVAS, "q17", "without-a-handler", "return");
      raise(fleet);

      Instant launched = Instant.now();
      fleet.launchWorker();
      fleet.await(
          "all that is not flagged runs",
          Duration.ofSeconds(40),
          () -> fleet.outcomes().size() == 20);
      Duration took = Duration.between(launched, Instant.now());
      assertTrue(took.compareTo(Duration.ofSeconds(20)) < 0, "it was ready after " + took);
      fleet.await(
          "what is flagged is in its lane",
          Duration.ofSeconds(40),
          () -> fleet.laneCount() == EVENTS);
      assertEquals(20, fleet.notes().stream().filter(Note::isStart).count());
      assertEquals(20, fleet.outcomes().size());
    }
  }

  private static void raise(ScenarioFleet fleet) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 1; i < FLAGS; i++) {
        raise(producer, "q" + i);
      }
      raise(producer, ScenarioFleet.QUEUE);
    }
  }

  private static void raise(KafkaProducer<byte[], byte[]> producer, String queue) {
    FlagRecord flag =
        new FlagRecord(
            queue,
            FlagKindRecord.PAUSE,
            ScenarioFleet.CANVAS,
            1,
            queue,
            FlagState.SET,
            "as told",
            null,
            "scenario",
            Instant.now());
    producer.send(
        new ProducerRecord<>(
            ScenarioFleet.PLAN.control(),
            Flag.key(queue).getBytes(UTF_8),
            RecordCodec.FLAGS.encode(flag)));
  }
}
