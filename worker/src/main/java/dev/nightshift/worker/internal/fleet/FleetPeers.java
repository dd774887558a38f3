package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.internal.loop.Peers;
import dev.nightshift.worker.internal.loop.Pulse;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Says every other second that this worker lives, and at once when it acts by a newer control log
/// or does something else with new events; hears what the others say. A beat that cannot be stored
/// is lost, but for the first: the next one says more. The loop's thread tells; a daemon thread of
/// its own writes.
public final class FleetPeers implements Peers, AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);
  private static final Duration BLOCK_MAX = Duration.ofSeconds(2);
  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

  private final TopicPlan plan;
  private final WorkerIdentity identity;
  private final String version;
  private final Set<QueueName> handlers;
  private final WorkersView own;
  private final Instant startedAt = Instant.now();
  private final FollowedLog<WorkersView> log;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread;

  // Written by the loop's thread, read by this one's.
  private volatile Pulse pulse;
  private volatile long toldNanos = System.nanoTime();
  private volatile boolean closed;

  /// What a worker is.
  public record Self(WorkerIdentity identity, String version, Set<QueueName> handlers, int slots) {}

  /// Says that this worker lives, waits until that is stored, and begins to say so again and again:
  /// who waits for all workers must know of one before it starts handlers.
  ///
  /// @param log followed by this object from here on
  /// @param storedMax how long the first beat may take to be stored
  /// @throws KafkaException if a setting is wrong, or the first beat cannot be stored
  public FleetPeers(
      Map<String, Object> clientConfig,
      TopicPlan plan,
      Self self,
      FollowedLog<WorkersView> log,
      Duration storedMax) {
    this.plan = plan;
    this.identity = self.identity();
    this.version = self.version();
    this.handlers = self.handlers();
    this.pulse = Pulse.NONE.withSlots(self.slots());
    this.own = WorkersView.EMPTY.with(said());
    this.log = log;
    this.producer =
        new KafkaProducer<>(
            ClientConfig.producer(
                clientConfig,
                Map.of(
                    "acks", "all",
                    "linger.ms", "0",
                    "max.block.ms", Long.toString(BLOCK_MAX.toMillis()))),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.thread = Thread.ofPlatform().name("nightshift-beat").daemon().unstarted(this::run);
    sendFirst(storedMax);
    thread.start();
  }

  private void sendFirst(Duration storedMax) {
    long until = System.nanoTime() + storedMax.toNanos();
    try {
      while (!stored(until)) {
        // The producer gives up early, so that a beat holds nobody up.
      }
    } catch (InterruptedException e) {
      producer.close(Duration.ZERO);
      throw new InterruptException(e);
    } catch (RuntimeException e) {
      producer.close(Duration.ZERO);
      throw e;
    }
  }

  private boolean stored(long until) throws InterruptedException {
    long left = until - System.nanoTime();
    try {
      producer.send(beat()).get(left, TimeUnit.NANOSECONDS);
      return true;
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException(
          "this worker's first beat was not stored: replicas of the topic may be missing", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TimeoutException && left > 0) {
        return false;
      }
      throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
    }
  }

  @Override
  public boolean announce(String canvas, String queue) {
    return log.view().announces(canvas, queue);
  }

  @Override
  public boolean announceOther(String canvas, String queue) {
    return log.problem().isPresent()
        || own.announcesOther(canvas, queue)
        || log.view().announcesOther(canvas, queue);
  }

  @Override
  public long refresh() {
    return log.refresh();
  }

  @Override
  public long answered() {
    return log.answered();
  }

  @Override
  public void tell(Pulse now) {
    Pulse before = pulse;
    pulse = now;
    toldNanos = System.nanoTime();
    if (before.controlOffset() != now.controlOffset()
        || before.slots() != now.slots()
        || before.state() != now.state()) {
      LockSupport.unpark(thread);
    }
  }

  /// What the others say; may be called by any thread.
  public WorkersView others() {
    return log.view();
  }

  /// How the loop is; may be called by any thread.
  public Pulse pulse() {
    return pulse;
  }

  /// How long ago the loop told it; may be called by any thread.
  public Duration sincePulse() {
    return Duration.ofNanos(System.nanoTime() - toldNanos);
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(this, EVERY.toNanos());
      if (!closed) {
        send(beat());
      }
    }
  }

  private ProducerRecord<byte[], byte[]> beat() {
    return WorkersLog.record(plan, said());
  }

  private WorkerBeat said() {
    Pulse now = pulse;
    return new WorkerBeat(
        identity.name(),
        identity.host(),
        now.state().name().toLowerCase(Locale.ROOT),
        startedAt,
        now.slots(),
        now.running(),
        now.controlOffset(),
        handlers,
        version,
        now.partitions().orElse(0),
        startedAt);
  }

  private void send(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record, (stored, failure) -> {});
    } catch (KafkaException e) {
      // The next beat says more.
    }
  }

  /// Says that this worker is gone.
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    send(WorkersLog.gone(plan, identity.name()));
    producer.close(CLOSE_MAX);
    log.close();
  }
}
