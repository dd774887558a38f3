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
  private final EventRecords records = new EventRecords("recorded");

  /// Guarded by this object's monitor.
  private final List<Emission> emitted = new ArrayList<>();

  private final Queue<EmitException> failures = new ArrayDeque<>();

  /// A new one, which has recorded nothing.
  public RecordingEmitter() {}

  @Override
  public synchronized CompletableFuture<Emitted> emit(Emission emission) {
    Optional<EmitException> refusal = refusal(emission);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    String id = emission.id().orElseGet(EventRecords::newId);
    Emission whole = emission.withId(id);
    emitted.add(whole);
    return CompletableFuture.completedFuture(
        new Emitted(id, canvas(emission.canvas()).topic(), 0, emitted.size() - 1));
  }

  private Optional<EmitException> refusal(Emission emission) {
    EmitException failure = failures.poll();
    if (failure != null) {
      return Optional.of(failure);
    }
    Optional<String> problem = EventRecords.problem(emission);
    if (problem.isPresent()) {
      return Optional.of(new EmitException.InvalidEvent(problem.get()));
    }
    ProducerRecord<byte[], byte[]> record =
        records.record(
            emission,
            canvas(emission.canvas()),
            emission.id().orElse("recorded"),
            Optional.empty(),
            Instant.EPOCH);
    return EventRecords.tooLarge(record, EventRecords.bytes(record));
  }

  private static Canvas canvas(String name) {
    TopicPlan plan = TopicPlan.standard();
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

  /// What was emitted, in that order, each with its id.
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
