package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A worker's loop and all that is around it, stepped in virtual time: it has every handler, knows
/// the control log at once, gets no lanes, and there is no other. What its handlers do and what the
/// control log says is a subclass's to say.
abstract class FakeWorker implements Attempts, Control, EndTraces, LaneMaker, Peers {
  /// A handler that does not care whether it is interrupted.
  static final Running STUBBORN = why -> {};

  final Mailbox mailbox = Mailbox.stepped(this::waits);
  final WorkerLoop loop;
  private final String name;
  private final SimClock clock;

  FakeWorker(LoopSettings settings, SimClock clock, EventLog log) {
    this.name = settings.worker();
    this.clock = clock;
    this.loop =
        new WorkerLoop(
            settings,
            clock.time(),
            new WorkerLoop.Parts(
                log,
                this,
                this,
                mailbox,
                new WorkerLoop.Others(this, this, Kills.NONE),
                this,
                this::reported));
  }

  /// Turns, a millisecond each, until something is so.
  void until(BooleanSupplier done) {
    for (int turn = 0; turn < 100_000 && !done.getAsBoolean(); turn++) {
      clock.pass(Duration.ofMillis(1));
      loop.tick();
    }
    assertTrue(done.getAsBoolean(), () -> name + " comes to no end: " + loop.load());
  }

  /// The loop waits for a message.
  void waits(Duration time) {}

  /// What the loop reports.
  void reported(WorkerEvent event) {}

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
  public void want(Canvas canvas, String queue) {}

  @Override
  public boolean announce(String canvas, String queue) {
    return false;
  }

  @Override
  public boolean announceOther(String canvas, String queue) {
    return false;
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
  public void tell(Pulse pulse) {}

  @Override
  public ProducerRecord<byte[], byte[]> trace(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
    return new ProducerRecord<>(SimEvent.TRACES, reason.getBytes(UTF_8));
  }

  @Override
  public ProducerRecord<byte[], byte[]> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
    throw new AssertionError(reason);
  }
}
