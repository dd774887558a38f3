package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.worker.internal.run.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What a simulated event does when it runs: all of it follows from its id, so each attempt does
/// the same.
///
/// @param id `e` and a number, or the parent's id and `.c` for a child
/// @param takes how long its handler runs
/// @param fails whether its handler throws
/// @param kills whether its handler kills its worker
/// @param hasChild whether its handler emits a child event
record SimEvent(String id, Duration takes, boolean fails, boolean kills, boolean hasChild) {
  static final String TRACES = "traces";
  static final String DEAD = "dead";
  static final String RETRY = "retry";

  static SimEvent of(String id) {
    Random random = new Random(id.hashCode() * 31L + 17);
    random.nextInt();
    boolean slow = random.nextInt(30) == 0;
    return new SimEvent(
        id,
        Duration.ofMillis(random.nextInt(slow ? 30_000 : 300)),
        random.nextInt(10) == 0,
        !id.endsWith(".c") && random.nextInt(150) == 0,
        !id.endsWith(".c") && random.nextInt(5) == 0);
  }

  ProducerRecord<byte[], byte[]> record(String canvas) {
    return record(canvas, new Random(id.hashCode()).nextInt(40) == 0 ? "nobody" : "work");
  }

  Optional<ProducerRecord<byte[], byte[]>> child() {
    return hasChild ? Optional.of(of(id + ".c").record("b", "work")) : Optional.empty();
  }

  static String topic(String canvas) {
    return "events." + canvas;
  }

  private ProducerRecord<byte[], byte[]> record(String canvas, String queue) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic(canvas), Math.floorMod(id.hashCode(), 3), null, new byte[0], new byte[40]);
    record.headers().add(EventHeaders.ID, id.getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, queue.getBytes(UTF_8));
    return record;
  }

  static ProducerRecord<byte[], byte[]> trace(EventEnvelope event, String canvas, Outcome outcome) {
    String key = event.id() + " " + event.attempt();
    return new ProducerRecord<>(TRACES, 0, key.getBytes(UTF_8), outcome.label().getBytes(UTF_8));
  }
}
