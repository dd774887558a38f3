package dev.nightshift.bench.stage;

import dev.nightshift.bench.handlers.Payload;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Emits the events of a round with the library that services use. For one thread.
public final class EventSource implements AutoCloseable {
  private final Load load;
  private final Emitter emitter;
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  EventSource(String bootstrapServers, Load load) {
    this.load = load;
    this.emitter =
        Emitter.connect(EmitterSettings.of(bootstrapServers, "bench").withPlan(load.plan()));
  }

  /// Emits as fast as it can, and waits until Kafka has them.
  public void emit(int from, int to) {
    for (int number = from; number < to; number++) {
      emit(number);
    }
    check();
  }

  /// Emits at a steady rate, and waits until Kafka has them.
  public void pace(int from, int to, int perSecond) {
    long began = System.nanoTime();
    for (int number = from; number < to; number++) {
      long due = began + (number - from) * 1_000_000_000L / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      emit(number);
    }
    check();
  }

  private void emit(int number) {
    String canvas = load.canvases().get(number % load.canvases().size());
    byte[] payload = Payload.now(number, load.kind().sleep()).bytes();
    var unused =
        emitter
            .emit(Emission.of(canvas, load.kind().queue(), payload))
            .whenComplete((emitted, failure) -> {
              if (failure != null) {
                failed.incrementAndGet();
                first.compareAndSet(null, failure);
              }
            });
  }

  private void check() {
    emitter.flush();
    if (failed.get() > 0) {
      throw new IllegalStateException(
          failed.get() + " events of a round were not stored; the first: " + first.get(),
          first.get());
    }
  }

  @Override
  public void close() {
    emitter.close();
  }
}
