package dev.nightshift.emitter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Emits events: [Emitter] into Kafka, [RecordingEmitter] in tests. Code that takes one can be
/// tested without Kafka. Safe for use by many threads.
public interface EventEmitter {
  /// Emits an event, or has it emitted later, see [Emission#at].
  ///
  /// @return completes when Kafka has it durably, or with an [EmitException]; see [Emitter]
  CompletableFuture<Emitted> emit(Emission emission);

  /// Emits bytes.
  default CompletableFuture<Emitted> emit(String canvas, String queue, byte[] payload) {
    return emit(Emission.of(canvas, queue, payload));
  }

  /// Emits text, as UTF-8 with the media type `text/plain`.
  default CompletableFuture<Emitted> emit(String canvas, String queue, String text) {
    return emit(
        Emission.of(canvas, queue, text.getBytes(UTF_8))
            .withContentType("text/plain;charset=utf-8"));
  }

  /// Emits JSON text, with the media type `application/json`. Whether it is JSON is not checked.
  default CompletableFuture<Emitted> emitJson(String canvas, String queue, String json) {
    return emit(Emission.ofJson(canvas, queue, json));
  }

  /// Emits several events. They are sent in batches as far as they go to one topic; each has its
  /// own future, in the same order, and one that fails does not touch the others.
  default List<CompletableFuture<Emitted>> emitAll(List<Emission> emissions) {
    return emissions.stream().map(this::emit).toList();
  }
}
