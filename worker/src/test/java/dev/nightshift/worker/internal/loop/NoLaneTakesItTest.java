package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Lane;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.log.MemoryLog;
import dev.nightshift.worker.internal.run.AttemptSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// A worker without the handler of an event that another one has, and that is too large for its
/// lane.
class NoLaneTakesItTest {
  private static final int BYTES_MAX = 2_000;
  private static final Canvas CANVAS =
      new Canvas("a", 1, SimEvent.TOPICS.events("a", 1), SimEvent.TOPICS.workersGroup(), false);
  private static final Lane LANE =
      new Lane("a", 1, "work", SimEvent.TOPICS.lane("a", 1, "work"), 1);
  private static final TopicPartition EVENTS = new TopicPartition(CANVAS.topic(), 0);

  private final SimClock clock = new SimClock();
  private final MemoryCluster cluster =
      new MemoryCluster(
          clock,
          new MemoryCluster.Limits(
              Duration.ofSeconds(6),
              Duration.ofMinutes(5),
              Duration.ofSeconds(10),
              500,
              BYTES_MAX));

  private final class Worker extends FakeWorker {
    Worker() {
      super(ScribeTest.settings(), clock, new MemoryLog(cluster, "w1"));
    }

    @Override
    void waits(Duration time) {
      clock.pass(time);
    }

    @Override
    public boolean handles(String canvas, String queue) {
      return false;
    }

    @Override
    public boolean announce(String canvas, String queue) {
      return true;
    }

    @Override
    public Running start(AttemptSpec spec) {
      throw new AssertionError("it has no handler for " + spec.event().id());
    }

    @Override
    public ControlView view() {
      return ControlView.EMPTY.builder().put(CANVAS).put(LANE).build();
    }
  }

  @Test
  void waits_for_a_rolling_deploy_and_then_goes_to_the_dead_letters() {
    for (String topic :
        List.of(SimEvent.TRACES, SimEvent.DEAD, CANVAS.topic(), SimEvent.RETRY, LANE.topic())) {
      cluster.createTopic(topic, 1);
    }
    // It is old when it is read.
    long emitted = clock.instant().minus(Duration.ofHours(2)).toEpochMilli();
    ProducerRecord<byte[], byte[]> event =
        new ProducerRecord<>(CANVAS.topic(), 0, emitted, null, new byte[BYTES_MAX - 100]);
    event.headers().add(EventHeaders.ID, "large".getBytes(UTF_8));
    event.headers().add(EventHeaders.TYPE, "work".getBytes(UTF_8));
    cluster.produce(event);
    Worker worker = new Worker();
    Duration begun = clock.passed();
    worker.until(() -> clock.passed().minus(begun).compareTo(Duration.ofSeconds(30)) > 0);
    assertEquals(1, worker.loop.load().waiting());
    assertEquals(List.of(), cluster.read(LANE.topic()));

    // In steps in which it stays a member.
    for (int step = 0; step < 1_200; step++) {
      clock.pass(Duration.ofSeconds(3));
      worker.loop.tick();
    }
    worker.until(() -> cluster.committed(EVENTS).map(Committed::base).equals(Optional.of(1L)));
    assertEquals(1, cluster.read(SimEvent.DEAD).size());
    assertEquals("exhausted", ofLetter(EventHeaders.OUTCOME));
    assertEquals(
        "its lane does not take it, and for 1h no worker that has its handler was given"
            + " sim.events.a-0",
        ofLetter(EventHeaders.REASON));
    // That topic takes no more than the lane.
    assertEquals("true", ofLetter(EventHeaders.PAYLOAD_LEFT));
    assertEquals(0, worker.loop.load().waiting());
  }

  private String ofLetter(String header) {
    return new String(
        cluster.read(SimEvent.DEAD).get(0).headers().lastHeader(header).value(), UTF_8);
  }
}
