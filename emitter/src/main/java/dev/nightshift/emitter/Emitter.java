package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Cause;
import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.ControlLog;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.FollowedLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Emits events. Safe for use by many threads; a service needs one.
///
/// Whatever goes wrong completes the returned future with an [EmitException]; no call throws it,
/// and no future stays open: an event is stored, or its future says why not. The future of an event
/// completes normally only when Kafka has it durably. [#emit] returns at once, but for three cases
/// in which it waits within the bounds of the settings: the first event of a canvas that must be
/// created, too much that is not acknowledged yet, and a cluster that is not reached.
public final class Emitter implements AutoCloseable {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

  private final EmitterSettings settings;
  private final EventRecords records;
  private final FollowedLog<ControlView> control;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Semaphore room;
  private volatile boolean closed;

  private Emitter(
      EmitterSettings settings,
      FollowedLog<ControlView> control,
      KafkaProducer<byte[], byte[]> producer) {
    this.settings = settings;
    this.records = new EventRecords(settings.source());
    this.control = control;
    this.producer = producer;
    this.room = new Semaphore(settings.unacknowledgedBytesMax());
  }

  /// Connects, and reads which canvases there are.
  ///
  /// @throws FleetException.Unreachable if the cluster does not answer within the settings' confirm
  ///   timeout
  /// @throws FleetException.NotInitialized if the fleet's topics do not exist and may not be made
  public static Emitter connect(EmitterSettings settings) {
    if (settings.createCanvases()) {
      try (Fleet fleet = fleet(settings)) {
        fleet.init(settings.replication());
      }
    }
    FollowedLog<ControlView> control =
        ControlLog.start(settings.clientConfig(), settings.plan(), settings.confirmTimeout());
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ClientConfig.producer(settings.clientConfig(), settings.producerConfig()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    return new Emitter(settings, control, producer);
  }

  private static Fleet fleet(EmitterSettings settings) {
    return Fleet.of(settings.clientConfig(), settings.plan(), settings.confirmTimeout());
  }

  /// Emits bytes.
  public CompletableFuture<Emitted> emit(String canvas, String queue, byte[] payload) {
    return emit(Emission.of(canvas, queue, payload));
  }

  /// Emits text, as UTF-8 with the media type `text/plain`.
  public CompletableFuture<Emitted> emit(String canvas, String queue, String text) {
    return emit(
        Emission.of(canvas, queue, text.getBytes(UTF_8))
            .withContentType("text/plain;charset=utf-8"));
  }

  /// Emits JSON text, with the media type `application/json`. Whether it is JSON is not checked.
  public CompletableFuture<Emitted> emitJson(String canvas, String queue, String json) {
    return emit(Emission.ofJson(canvas, queue, json));
  }

  /// Emits several events. They are sent in batches as far as they go to one topic; each has its
  /// own future, in the same order, and one that fails does not touch the others.
  public List<CompletableFuture<Emitted>> emitAll(List<Emission> emissions) {
    return emissions.stream().map(this::emit).toList();
  }

  /// Emits an event.
  ///
  /// @return completes when Kafka has it durably, or with an [EmitException]
  public CompletableFuture<Emitted> emit(Emission emission) {
    try {
      return send(emission);
    } catch (EmitException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private CompletableFuture<Emitted> send(Emission emission) {
    checkOpen();
    Optional<String> problem = EventRecords.problem(emission);
    if (problem.isPresent()) {
      throw new EmitException.InvalidEvent(problem.get());
    }
    Canvas canvas = canvas(emission.canvas());
    String id = emission.id().orElseGet(EventRecords::newId);
    ProducerRecord<byte[], byte[]> record =
        records.record(emission, canvas, id, Optional.empty(), Instant.now());
    int bytes = EventRecords.bytes(record);
    if (bytes > EventRecords.RECORD_BYTES_MAX) {
      throw new EmitException.PayloadTooLarge(
          "the event's payload has "
              + emission.payload().length
              + " bytes, with its headers "
              + bytes
              + "; at most "
              + EventRecords.RECORD_BYTES_MAX
              + " are allowed. Store large data elsewhere and emit where it is");
    }
    int permits = Math.min(bytes, settings.unacknowledgedBytesMax());
    takeRoom(permits);
    CompletableFuture<Emitted> emitted = new CompletableFuture<>();
    try {
      producer.send(record, (metadata, failure) -> ended(emitted, id, permits, metadata, failure));
    } catch (KafkaException | IllegalStateException e) {
      room.release(permits);
      throw closed ? closedError() : unreachable(e);
    }
    return emitted;
  }

  private void ended(
      CompletableFuture<Emitted> emitted,
      String id,
      int permits,
      RecordMetadata metadata,
      @Nullable Exception failure) {
    room.release(permits);
    if (failure == null) {
      emitted.complete(new Emitted(id, metadata.topic(), metadata.partition(), metadata.offset()));
    } else {
      emitted.completeExceptionally(
          new EmitException.NotConfirmed(
              "Kafka did not confirm event "
                  + id
                  + " ("
                  + failure.getClass().getSimpleName()
                  + ": "
                  + failure.getMessage()
                  + "). It may or may not be stored: emit it again with the same id",
              failure));
    }
  }

  private Canvas canvas(String name) {
    Optional<Canvas> known = control.view().canvas(name);
    if (known.isEmpty()) {
      known = settings.createCanvases() ? Optional.of(create(name)) : fresh(name);
    }
    if (known.isEmpty()) {
      throw new EmitException.UnknownCanvas(
          "there is no canvas '"
              + name
              + "' and this emitter may not create one: create it first, or allow createCanvases");
    }
    if (known.get().deleted()) {
      throw new EmitException.CanvasDeleted(
          "canvas '"
              + name
              + "' was deleted: nothing can be emitted into it until somebody creates it again");
    }
    return known.get();
  }

  private Optional<Canvas> fresh(String name) {
    control.awaitFresh(settings.confirmTimeout());
    return control.view().canvas(name);
  }

  // One thread creates at a time: the others find it created.
  private synchronized Canvas create(String name) {
    Optional<Canvas> known = fresh(name);
    if (known.isPresent()) {
      return known.get();
    }
    try (Fleet fleet = fleet(settings)) {
      Cause cause = new Cause(settings.source(), "first event of the canvas");
      return fleet.createCanvas(name, settings.partitions(), settings.replication(), cause).after();
    } catch (FleetException e) {
      throw new EmitException.Unreachable(String.valueOf(e.getMessage()), e);
    }
  }

  private void takeRoom(int permits) {
    try {
      if (room.tryAcquire(permits, settings.whenFull().toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new EmitException.BufferFull(
        "more than "
            + settings.unacknowledgedBytesMax()
            + " bytes wait for Kafka's acknowledgement, and there was no room within "
            + settings.whenFull().toMillis()
            + " ms: emit more slowly, or raise unacknowledgedBytesMax. Nothing was stored");
  }

  /// Waits until everything that was emitted before has been confirmed or has failed.
  public void flush() {
    producer.flush();
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

  private EmitException unreachable(RuntimeException cause) {
    return new EmitException.Unreachable(
        "the event was not sent to "
            + settings.clientConfig().get("bootstrap.servers")
            + " ("
            + cause.getMessage()
            + "). Nothing was stored; check the brokers and emit it again",
        cause);
  }

  /// Sends what is left, for up to 30 s, and frees what is held. Every future has completed then.
  @Override
  public void close() {
    closed = true;
    producer.close(CLOSE_MAX);
    control.close();
  }
}
