package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.TopicPlan;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Keeps what is emitted, for tests of code that emits. It refuses what [Emitter] refuses by
/// itself: names, ids, headers, size; every canvas exists. Safe for use by many threads.
public final class RecordingEmitter implements EventEmitter {
  private final TopicPlan plan = TopicPlan.standard();
  private final EventRecords records = new EventRecords("recorded", plan);

  /// Guarded by this object's monitor.
  private final List<Emission> emitted = new ArrayList<>();

  private final Queue<EmitException> failures = new ArrayDeque<>();

  /// A new one, which has recorded nothing.
  public RecordingEmitter() {}

  @Override
  public synchronized CompletableFuture<Emitted> emit(Emission emission) {
    EmitException failure = failures.poll();
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    Instant now = Instant.now();
    Optional<String> problem = EventRecords.problem(emission, now);
    if (problem.isPresent()) {
      return CompletableFuture.failedFuture(new EmitException.InvalidEvent(problem.get()));
    }
    String id = emission.id().orElseGet(EventRecords::newId);
    ProducerRecord<byte[], byte[]> record =
        records.record(emission, canvas(emission.canvas()), id, Optional.empty(), now);
    Optional<EmitException> tooLarge = EventRecords.tooLarge(record, EventRecords.bytes(record));
    if (tooLarge.isPresent()) {
      return CompletableFuture.failedFuture(tooLarge.get());
    }
    emitted.add(emission.withId(id));
    return CompletableFuture.completedFuture(
        new Emitted(id, record.topic(), 0, emitted.size() - 1));
  }

  private Canvas canvas(String name) {
    return new Canvas(name, 1, plan.events(name, 1), plan.workersGroup(), false);
  }

  /// The next event is not stored: its future fails with [EmitException.Unreachable], as it does
  /// when Kafka does not answer. Several calls count for as many events.
  public synchronized void failNext() {
    failures.add(
        new EmitException.Unreachable(
            "the recording emitter was told to fail; nothing was stored",
            new IllegalStateException("as told")));
  }

  /// The next event may be stored or not: its future fails with [EmitException.NotConfirmed].
  public synchronized void confirmNextNot() {
    failures.add(
        new EmitException.NotConfirmed(
            "the recording emitter was told not to confirm; the event may be stored or not",
            new IllegalStateException("as told")));
  }

  /// What was emitted, in that order, each with its id; what is due later, too, see [Emission#due].
  public synchronized List<Emission> emitted() {
    return List.copyOf(emitted);
  }

  /// What was emitted into a queue, as text.
  public synchronized List<String> texts(String canvas, String queue) {
    return emitted.stream()
        .filter(each -> each.canvas().equals(canvas) && each.queue().equals(queue))
        .map(each -> new String(each.payload(), UTF_8))
        .toList();
  }
}
