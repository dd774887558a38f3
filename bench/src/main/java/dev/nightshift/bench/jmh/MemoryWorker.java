package dev.nightshift.bench.jmh;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.log.MemoryLog;
import dev.nightshift.worker.internal.loop.Control;
import dev.nightshift.worker.internal.loop.EndTraces;
import dev.nightshift.worker.internal.loop.Kills;
import dev.nightshift.worker.internal.loop.LoopSettings;
import dev.nightshift.worker.internal.loop.LoopTime;
import dev.nightshift.worker.internal.loop.Mailbox;
import dev.nightshift.worker.internal.loop.Peers;
import dev.nightshift.worker.internal.loop.Pulse;
import dev.nightshift.worker.internal.loop.WorkerLoop;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// A worker loop over a log in memory whose handlers end the moment they start. For one thread.
final class MemoryWorker implements Control, EndTraces, Attempts, Peers {
  private static final TopicPlan PLAN = new TopicPlan("b.");
  private static final String CANVAS = "bench";
  private static final int PARTITIONS = 6;
  private static final int SLOTS = 10_000;

  private final MemoryCluster cluster = new MemoryCluster(InstantSource.system());
  private final Mailbox mailbox = Mailbox.stepped(wait -> {});
  private final ControlView view;
  private final WorkerLoop loop;
  private long ended;

  /// A worker before as many events.
  MemoryWorker(int events) {
    String topic = Events.topic(CANVAS);
    cluster.createTopic(topic, PARTITIONS);
    cluster.createTopic(PLAN.retry(), 1);
    for (int i = 0; i < events; i++) {
      cluster.produce(Events.emitted(CANVAS, i % PARTITIONS, i));
    }
    this.view = ControlView.EMPTY.with(new Canvas(CANVAS, 1, topic, PLAN.workersGroup(), false));
    this.loop =
        new WorkerLoop(
            settings(),
            LoopTime.system(),
            new WorkerLoop.Parts(
                new MemoryLog(cluster, "w1"),
                this,
                this,
                mailbox,
                new WorkerLoop.Others((canvas, queue) -> {}, this, Kills.NONE),
                this,
                event -> {}));
  }

  private static LoopSettings settings() {
    return new LoopSettings(
        "w1",
        SLOTS,
        40_000,
        128L << 20,
        Duration.ofMillis(10),
        Duration.ofMillis(2),
        Duration.ofSeconds(6),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        2_000,
        4L << 20,
        Committed.METADATA_CHARS_MAX,
        5,
        List.of(Duration.ZERO),
        1,
        PLAN);
  }

  /// Turns until as many events have ended.
  long run(int events) {
    while (ended < events) {
      loop.tick();
    }
    return ended;
  }

  @Override
  public Running start(AttemptSpec spec) {
    ended++;
    mailbox.attemptEnded(new Finished(spec.key(), Outcome.COMPLETED, List.of()));
    return why -> {};
  }

  @Override
  public boolean handles(String canvas, String queue) {
    return true;
  }

  @Override
  public Optional<Duration> timeLimit(String canvas, String queue) {
    return Optional.empty();
  }

  @Override
  public void drain() {}

  @Override
  public ControlView view() {
    return view;
  }

  @Override
  public long refresh() {
    return 0;
  }

  @Override
  public long answered() {
    return 0;
  }

  @Override
  public Optional<String> problem() {
    return Optional.empty();
  }

  @Override
  public boolean announce(String canvas, String queue) {
    return true;
  }

  @Override
  public boolean announceOther(String canvas, String queue) {
    return false;
  }

  @Override
  public void tell(Pulse pulse) {}

  @Override
  public ProducerRecord<byte[], byte[]> trace(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
    throw new IllegalStateException("no event ends without a handler here, but: " + reason);
  }

  @Override
  public ProducerRecord<byte[], byte[]> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
    throw new IllegalStateException("all are events here, but " + place(record) + ": " + reason);
  }

  private static TopicPartition place(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(record.topic(), record.partition());
  }
}
