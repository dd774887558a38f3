package dev.nightshift.emitter;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.Cluster;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Emits events. Safe for use by many threads; a service needs one.
///
/// Whatever goes wrong completes the returned future with an [EmitException]; [#emit] throws
/// nothing, and no future stays open: an event is stored, or its future says why not. The future of
/// an event completes normally only when Kafka has it durably. [#emit] returns at once, but for
/// three cases in which it waits within the bounds of the settings: the first event of a canvas
/// that is not known yet, too much that is not acknowledged, and a cluster that is not reached. A
/// thread that is interrupted while it waits stays interrupted, and its event ends with
/// [EmitException.Interrupted].
///
/// What is chained to a future (`thenApply`, `whenComplete` and the like) runs on a thread of the
/// emitter's own, or on the caller's if the future was complete already. It may emit: there `emit`
/// does not wait for room. It may wait for other futures, though chaining them is cheaper. It
/// should not take long otherwise, as it holds up the futures behind it and, by the bound on what
/// is not acknowledged, those who emit.
public final class Emitter implements EventEmitter, AutoCloseable {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  /// The longest that a flush waits for what is chained to futures.
  private static final Duration FLUSH_MAX = Duration.ofHours(1);

  private final EmitterSettings settings;
  private final EventRecords records;
  private final FollowedLog<ControlView> control;
  private final EmitCanvases canvases;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Completions completions = new Completions();
  private final Room room;
  private volatile boolean closed;

  /// Counts bytes. What a callback emits takes room that is not there rather than wait for it:
  /// others who must complete to make room may be behind that callback.
  private static final class Room extends Semaphore {
    private static final long serialVersionUID = 1L;

    Room(int bytes) {
      super(bytes);
    }

    void overdraw(int bytes) {
      reducePermits(bytes);
    }
  }

  private Emitter(
      EmitterSettings settings,
      FollowedLog<ControlView> control,
      KafkaProducer<byte[], byte[]> producer) {
    this.settings = settings;
    this.records = new EventRecords(settings.source(), settings.plan());
    this.control = control;
    this.canvases = new EmitCanvases(settings, control);
    this.producer = producer;
    this.room = new Room(settings.unacknowledgedBytesMax());
  }

  /// Connects, and reads which canvases there are.
  ///
  /// @throws FleetException.Unreachable if the cluster does not answer within the settings' confirm
  ///   timeout
  /// @throws FleetException.NotInitialized if the fleet's topics do not exist and may not be made
  /// @throws FleetException.UnsuitableTopic if they are there and would lose something
  /// @throws FleetException.Refused if Kafka does not let this client in, or its settings are wrong
  public static Emitter connect(EmitterSettings settings) {
    if (settings.createCanvases()) {
      try (Fleet fleet = EmitCanvases.fleet(settings)) {
        fleet.init(settings.replication());
      }
    }
    FollowedLog<ControlView> control =
        ControlLog.start(settings.clientConfig(), settings.plan(), settings.confirmTimeout());
    try {
      return new Emitter(settings, control, producer(settings));
    } catch (KafkaException e) {
      control.close();
      throw Cluster.of(settings.clientConfig(), settings.confirmTimeout())
          .failure("connect the emitter", e);
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(EmitterSettings settings) {
    return new KafkaProducer<>(
        ClientConfig.producer(settings.clientConfig(), settings.producerConfig()),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  @Override
  public CompletableFuture<Emitted> emit(Emission emission) {
    try {
      return send(emission);
    } catch (EmitException e) {
      return CompletableFuture.failedFuture(e);
    } catch (InterruptException e) {
      return CompletableFuture.failedFuture(interrupted(e));
    }
  }

  private CompletableFuture<Emitted> send(Emission emission) {
    checkOpen();
    Instant now = Instant.now();
    Optional<String> problem = EventRecords.problem(emission, now);
    if (problem.isPresent()) {
      throw new EmitException.InvalidEvent(problem.get());
    }
    Canvas canvas = canvas(emission.canvas());
    String id = emission.id().orElseGet(EventRecords::newId);
    ProducerRecord<byte[], byte[]> record =
        records.record(emission, canvas, id, Optional.empty(), now);
    int bytes = EventRecords.bytes(record);
    EventRecords.tooLarge(record, bytes)
        .ifPresent(refusal -> {
          throw refusal;
        });
    int permits = Math.min(bytes, settings.unacknowledgedBytesMax());
    takeRoom(permits);
    Sending sending = new Sending(id, record.topic(), permits);
    try {
      producer.send(record, sending);
    } catch (RuntimeException e) {
      sending.failedHere(e);
    }
    return sending.emitted;
  }

  private Canvas canvas(String name) {
    try {
      return canvases.canvas(name);
    } catch (EmitException.Unreachable e) {
      throw closed ? closedError() : e;
    }
  }

  /// One event on its way. Made by the thread that emits; its end comes on that thread while it is
  /// still in `send`, or on the producer's.
  private final class Sending implements Callback {
    private final CompletableFuture<Emitted> emitted = new CompletableFuture<>();
    private final Completions.Round round = completions.begin();
    private final Thread emitting = Thread.currentThread();
    private final String id;
    private final String topic;
    private final int permits;

    Sending(String id, String topic, int permits) {
      this.id = id;
      this.topic = topic;
      this.permits = permits;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception failure) {
      if (failure == null) {
        completions.run(() -> {
          room.release(permits);
          emitted.complete(
              new Emitted(id, metadata.topic(), metadata.partition(), metadata.offset()));
          round.end();
        });
      } else if (Thread.currentThread() == emitting) {
        failedHere(failure);
      } else {
        completions.run(() -> fail(SendFailures.unconfirmed(id, topic, failure)));
      }
    }

    // Nobody has the future yet, so nothing is chained to it.
    private void failedHere(Exception failure) {
      if (emitted.isDone()) {
        return;
      }
      if (failure instanceof InterruptException interrupt) {
        fail(interrupted(interrupt));
      } else if (closed) {
        fail(closedError());
      } else {
        fail(SendFailures.unsent(id, topic, bootstrap(), failure));
      }
    }

    private void fail(EmitException why) {
      room.release(permits);
      emitted.completeExceptionally(why);
      round.end();
    }
  }

  private void takeRoom(int permits) {
    if (completions.isCurrentThread()) {
      room.overdraw(permits);
      return;
    }
    try {
      if (room.tryAcquire(permits)
          || room.tryAcquire(permits, settings.whenFull().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
    throw new EmitException.BufferFull(
        "more than "
            + settings.unacknowledgedBytesMax()
            + " bytes wait for Kafka's acknowledgement or for what is chained to their futures, and"
            + " there was no room within "
            + settings.whenFull().toMillis()
            + " ms: emit more slowly, or raise unacknowledgedBytesMax. Nothing was stored");
  }

  /// Waits until everything that was emitted before has been confirmed or has failed, and all its
  /// futures are complete. On the emitter's own thread, in what is chained to a future, it waits
  /// for Kafka only.
  ///
  /// @throws EmitException.Interrupted if this thread is interrupted; it stays so
  public void flush() {
    try {
      producer.flush();
      completions.awaitAll(FLUSH_MAX);
    } catch (InterruptException e) {
      throw new EmitException.Interrupted(
          "interrupted while waiting for Kafka to confirm what was emitted; see the futures", e);
    }
  }

  private void checkOpen() {
    if (closed) {
      throw closedError();
    }
  }

  private static EmitException closedError() {
    return new EmitException.Closed(
        "this emitter was closed; nothing was stored. Connect a new one");
  }

  private static EmitException interrupted(InterruptException cause) {
    Thread.currentThread().interrupt();
    return new EmitException.Interrupted(
        "the thread was interrupted before the event was handed to Kafka's client. Nothing was"
            + " stored",
        cause);
  }

  private String bootstrap() {
    return String.valueOf(settings.clientConfig().get("bootstrap.servers"));
  }

  /// Sends what is left, for up to 30 s, and frees what is held. Every future has completed then,
  /// if what is chained to them ends within another 30 s. An interrupt ends the waiting: what is
  /// not confirmed fails.
  @Override
  public void close() {
    closed = true;
    boolean interrupted = closeProducer(CLOSE_MAX);
    if (interrupted) {
      closeProducer(Duration.ZERO);
    }
    try {
      completions.awaitAll(interrupted ? Duration.ZERO : CLOSE_MAX);
    } catch (InterruptException e) {
      interrupted = true;
    }
    completions.close();
    control.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// @return whether this thread was interrupted; it is not any more
  private boolean closeProducer(Duration atMost) {
    try {
      producer.close(atMost);
    } catch (InterruptException e) {
      // seen below
    }
    return Thread.interrupted();
  }
}
