package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.CanvasTopic;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Scope;
import dev.nightshift.common.record.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ACanvasMayLeaveTheTopicThatItSharesTest {
  private static final String ONE = "other";
  private static final String TWO = ScenarioFleet.CANVAS;
  private static final int EACH = 50;
  private static final CanvasTopic SMALL =
      new CanvasTopic(Optional.of("small"), 2, OptionalInt.of(1));
  private static final String TOPIC = ScenarioFleet.PLAN.shared("small");

  /// While one of two canvases is paused as a whole, its events are in a lane and the other's run;
  /// once it is deleted, what waited of it ends, and its lanes go, but not the topic, whose other
  /// events still run. What comes late, or names no canvas of the topic, ends with its reason.
  @Test
  void andTheOtherCanvasGoesOn(@TempDir Path folder) {
    try (ScenarioFleet fleet = new ScenarioFleet(folder);
        Operator operator = new Operator(fleet);
        Fleet control = fleet.control()) {
      control.init(OptionalInt.of(1));
      control.createCanvas(ONE, SMALL, Operator.CAUSE);
      control.createCanvas(TWO, SMALL, Operator.CAUSE);
      fleet.startWorker();
      fleet.startWorker();
      operator.stop(FlagKind.PAUSE, Scope.canvas(ONE));
      for (int i = 0; i < EACH; i++) {
        fleet.emit(ONE, "one-" + i, "return");
        fleet.emit(TWO, "two-" + i, "return");
      }
      fleet.await("the other's run", Duration.ofSeconds(30), () -> fleet.outcomes().size() == EACH);
      assertTrue(fleet.traces().stream().allMatch(trace -> trace.getCanvas().equals(TWO)));
      String lane = ScenarioFleet.PLAN.lane(ONE, 1, ScenarioFleet.QUEUE);
      fleet.await("it has a lane", Duration.ofSeconds(20), () -> topics(fleet).contains(lane));

      control.deleteCanvas(ONE, Operator.CAUSE);
      fleet.await(
          "what waited ends", Duration.ofSeconds(40), () -> fleet.outcomes().size() == 2 * EACH);
      fleet.await("its lane goes", Duration.ofSeconds(60), () -> !topics(fleet).contains(lane));
      assertTrue(topics(fleet).contains(TOPIC));

      emitByHand(fleet, "late", Map.of("ns-canvas", ONE));
      emitByHand(fleet, "unknown", Map.of("ns-canvas", "three"));
      emitByHand(fleet, "silent", Map.of());
      fleet.emit(TWO, "after", "return");
      fleet.await("all end", Duration.ofSeconds(30), () -> fleet.outcomes().size() == 2 * EACH + 4);
      for (Trace trace : fleet.traces()) {
        boolean runs = trace.getEventId().startsWith("two") || trace.getEventId().equals("after");
        assertEquals(runs ? "completed" : "canvas_deleted", trace.getOutcome(), trace::toString);
      }
      assertEquals("canvas other (generation 1) was deleted", reason(fleet, "late"));
      assertEquals(
          "no canvas 'three' is among those that share the topic " + TOPIC,
          reason(fleet, "unknown"));
      assertEquals(
          "it has no header ns-canvas, and canvases share the topic " + TOPIC,
          reason(fleet, "silent"));
      assertEquals(EACH + 1, fleet.notes().stream().filter(Note::isStart).count());
    }
  }

  private static String reason(ScenarioFleet fleet, String id) {
    List<Trace> traces =
        fleet.traces().stream().filter(trace -> trace.getEventId().equals(id)).toList();
    assertEquals(1, traces.size(), id);
    return traces.get(0).getReason();
  }

  private static void emitByHand(ScenarioFleet fleet, String id, Map<String, String> more) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fleet.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(TOPIC, "return".getBytes(UTF_8));
      record.headers().add("ce_id", id.getBytes(UTF_8));
      record.headers().add("ce_type", ScenarioFleet.QUEUE.getBytes(UTF_8));
      more.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
      producer.send(record);
    }
  }

  private static List<String> topics(ScenarioFleet fleet) {
    try {
      return List.copyOf(fleet.admin().listTopics().names().get());
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
