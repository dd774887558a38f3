package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.log.MemoryLog;
import dev.nightshift.worker.internal.run.AttemptSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/// Events that wait to be retried, where a worker's clock is not as the others' are.
class ClocksTest {
  private static final Canvas CANVAS =
      new Canvas("a", 1, SimEvent.TOPICS.events("a", 1), SimEvent.TOPICS.workersGroup(), false);

  private final SimClock clock = new SimClock();
  private final MemoryCluster cluster = new MemoryCluster(clock);
  private final List<String> started = new ArrayList<>();

  private final class Worker extends FakeWorker {
    Worker() {
      super(ScribeTest.settings(), clock, new MemoryLog(cluster, "w1"));
    }

    @Override
    void waits(Duration time) {
      clock.pass(time);
    }

    @Override
    public Running start(AttemptSpec spec) {
      started.add(spec.event().id());
      return STUBBORN;
    }

    @Override
    public ControlView view() {
      return ControlView.EMPTY.with(CANVAS);
    }
  }

  // As a worker writes it by whose clock it is `written` now.
  private void retry(String id, Instant written, Duration delay) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(SimEvent.RETRY, 0, written.toEpochMilli(), null, id.getBytes(UTF_8));
    add(record, EventHeaders.ID, id);
    add(record, EventHeaders.TYPE, "work");
    add(record, EventHeaders.CANVAS, "a");
    add(record, EventHeaders.ATTEMPT, "2");
    add(record, EventHeaders.ORIGIN, CANVAS.topic() + "/0/0");
    add(record, EventHeaders.NOT_BEFORE, written.plus(delay).toString());
    cluster.produce(record);
  }

  private static void add(ProducerRecord<byte[], byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(UTF_8));
  }

  private Duration untilStarted(int events) {
    for (String topic : List.of(SimEvent.TRACES, SimEvent.DEAD, CANVAS.topic(), SimEvent.RETRY)) {
      if (!cluster.topics().containsKey(topic)) {
        cluster.createTopic(topic, 1);
      }
    }
    Duration begun = clock.passed();
    new Worker().until(() -> started.size() == events);
    return clock.passed().minus(begun);
  }

  @Test
  void an_event_waits_as_long_as_its_writer_meant_also_if_that_one_s_clock_is_ahead() {
    cluster.createTopic(SimEvent.RETRY, 1);
    Instant ahead = clock.instant().plus(Duration.ofHours(1));
    retry("at-once", ahead, Duration.ZERO);
    retry("soon", ahead, Duration.ofSeconds(10));
    retry("behind", clock.instant(), Duration.ZERO);
    Duration took = untilStarted(3);
    assertEquals(List.of("at-once", "soon", "behind"), started);
    assertTrue(took.compareTo(Duration.ofSeconds(10)) >= 0, took::toString);
    assertTrue(took.compareTo(Duration.ofSeconds(11)) < 0, took::toString);
  }

  @Test
  void where_the_clocks_agree_an_event_starts_when_it_is_due_however_late_it_is_read() {
    cluster.createTopic(SimEvent.RETRY, 1);
    retry("e", clock.instant(), Duration.ofSeconds(10));
    clock.pass(Duration.ofSeconds(7));
    Duration took = untilStarted(1);
    assertTrue(took.compareTo(Duration.ofSeconds(3)) >= 0, took::toString);
    assertTrue(took.compareTo(Duration.ofSeconds(4)) < 0, took::toString);
  }
}
