package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.handler.Handler;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Runs an attempt that uses everything, before the first real one.
///
/// A class whose static initializer runs out of stack can never be used again in its JVM. A handler
/// that recurses without end and calls its context on the way could so break a class of ours for
/// all events after it. After the rehearsal all of them are initialized.
final class Rehearsal {
  private static final Canvas CANVAS = new Canvas("rehearsal", 1, "rehearsal", "none", false);

  private Rehearsal() {}

  static void run(RunSetup setup) {
    for (Handler handler : List.of(completes(), fails())) {
      MemoryTraceStore traces =
          new MemoryTraceStore("rehearsal", setup.limits().trace().traceBytesMax());
      CompletableFuture<Finished> finished = new CompletableFuture<>();
      ControlView control = ControlView.EMPTY.with(CANVAS);
      Surroundings with = new Surroundings(setup, () -> control, traces, finished::complete);
      HandlerHome home =
          new HandlerHome(
              "rehearsal", Rehearsal.class.getClassLoader(), new Codecs("rehearsal", List.of()));
      LoadedHandler loaded =
          new LoadedHandler(CANVAS.name(), "rehearsal", Optional.empty(), handler, home);
      new Attempt(with, spec(), loaded, () -> {}).start();
      finished.join();
    }
  }

  private static Handler completes() {
    return (event, context) -> {
      context.log("a line");
      context.step("outer", () -> context.step("inner", event::text));
      context.emit(event.queue(), event.bytes());
      context.emitAfter(Duration.ofDays(1), event.queue(), event.bytes());
      context.emitAt(Instant.EPOCH, event.queue(), event.bytes());
      return context.timeLeft();
    };
  }

  private static Handler fails() {
    return (event, context) ->
        context.step(
            "fails",
            () -> {
              throw new IllegalStateException(event.id(), new RuntimeException("cause"));
            });
  }

  private static AttemptSpec spec() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(CANVAS.topic(), 0, 0, null, new byte[0]);
    record.headers().add(EventHeaders.ID, "rehearsal".getBytes(UTF_8));
    record.headers().add(EventHeaders.TYPE, "rehearsal".getBytes(UTF_8));
    AttemptKey key = new AttemptKey(new TopicPartition(CANVAS.topic(), 0), 0, 0);
    return new AttemptSpec(key, CANVAS, EventEnvelope.read(record, false));
  }
}
