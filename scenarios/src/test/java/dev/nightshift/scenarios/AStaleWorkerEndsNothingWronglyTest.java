package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.CanvasRecord;
import dev.nightshift.common.record.CanvasState;
import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AStaleWorkerEndsNothingWronglyTest {
  private static final String TOPIC = ScenarioFleet.PLAN.events(ScenarioFleet.CANVAS, 1);
  private static final int EVENTS = 20;

  /// It hears of no canvas, no worker and no handler that comes after it. Events of a new canvas in
  /// a topic that it reads, and of a queue that only a new worker has a handler for, wait until it
  /// has.
  @Test
  void andWhatItHasNotHeardOfRunsOnceItHas(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder, ReadGate.settings());
        KafkaProducer<byte[], byte[]> producer = producer(fleet)) {
      fleet.createCanvas(2);
      WorkerProcess stale = fleet.startOlderWorker("--command-property=client.id=stale");
      ReadGate.shut("stale", ScenarioFleet.PLAN.control());
      ReadGate.shut("stale", ScenarioFleet.PLAN.workers());
      fleet.await(
          "it hears nothing any more",
          Duration.ofSeconds(20),
          () -> stale.printed().contains("ControlBehind"));
      shareTopicWith(producer, "other");
      WorkerProcess newer = fleet.startWorker();

      Set<String> unheard = new HashSet<>();
      for (int i = 0; i < EVENTS; i++) {
        unheard.add(emit(producer, i % 2, "u" + i, ScenarioFleet.CANVAS, "urgent"));
        unheard.add(emit(producer, i % 2, "o" + i, "other", "work"));
      }
      List<String> after =
          IntStream.range(0, 2)
              .mapToObj(i -> emit(producer, i, "after" + i, ScenarioFleet.CANVAS, "work"))
              .toList();
      fleet.await(
          "what comes after them in the same partitions has run",
          Duration.ofSeconds(30),
          () -> fleet.outcomes().keySet().containsAll(after));
      // The newer worker runs what is in its partition, the stale one decides nothing.
      fleet.await(
          "half of them run",
          Duration.ofSeconds(30),
          () -> fleet.outcomes().size() >= EVENTS + after.size());
      assertEquals(EVENTS + after.size(), fleet.outcomes().size());
      assertEquals(Set.of("completed"), Set.copyOf(fleet.outcomes().values()));

      ReadGate.open();
      fleet.await(
          "all run",
          Duration.ofSeconds(30),
          () -> fleet.outcomes().size() == unheard.size() + after.size());
      assertEquals(Set.of("completed"), Set.copyOf(fleet.outcomes().values()));
      List<Trace> others = new ArrayList<>(fleet.traces());
      others.removeIf(trace -> !trace.getEventId().startsWith("o"));
      assertTrue(others.stream().allMatch(trace -> trace.getCanvas().equals("other")), "its own");
      for (int i = 0; i < EVENTS; i++) {
        assertEquals(1, fleet.starts("o" + i).size());
        assertEquals(
            List.of(newer.name()), fleet.starts("u" + i).stream().map(Note::worker).toList());
      }
    }
  }

  // No command makes one that shares the topic of a canvas that does not.
  private static void shareTopicWith(KafkaProducer<byte[], byte[]> producer, String canvas) {
    CanvasRecord record =
        new CanvasRecord(
            canvas,
            1,
            TOPIC,
            ScenarioFleet.PLAN.workersGroup(),
            CanvasState.ACTIVE,
            "scenario",
            Instant.now());
    producer.send(
        new ProducerRecord<>(
            ScenarioFleet.PLAN.control(),
            Canvas.key(canvas, 1).getBytes(UTF_8),
            RecordCodec.CANVASES.encode(record)));
    producer.flush();
  }

  private static String emit(
      KafkaProducer<byte[], byte[]> producer,
      int partition,
      String id,
      String canvas,
      String queue) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(TOPIC, partition, null, "return".getBytes(UTF_8));
    Map.of("ce_id", id, "ce_type", queue, "ns-canvas", canvas)
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    producer.send(record);
    return id;
  }

  private static KafkaProducer<byte[], byte[]> producer(ScenarioFleet fleet) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", fleet.bootstrapServers()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
