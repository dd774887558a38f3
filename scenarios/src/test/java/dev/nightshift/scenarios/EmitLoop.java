package dev.nightshift.scenarios;

import dev.nightshift.emitter.EmitException;
import dev.nightshift.emitter.Emitted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Emits events of one script all the time, on a thread of its own, until it is closed.
final class EmitLoop implements AutoCloseable {
  private static final int BATCH = 10;
  private static final int PAUSE_MILLIS = 20;

  private final ScenarioFleet fleet;
  private final String script;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Map<String, Emitted> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, EmitException> refused = new ConcurrentHashMap<>();
  private final Thread thread = new Thread(this::run, "scenario-emit");

  /// Starts to emit: 500 events a second at most.
  EmitLoop(ScenarioFleet fleet, String script) {
    this.fleet = fleet;
    this.script = script;
    thread.start();
  }

  private void run() {
    try {
      for (int i = 0; !stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS); i += BATCH) {
        List<CompletableFuture<Emitted>> batch = new ArrayList<>();
        for (int n = i; n < i + BATCH; n++) {
          batch.add(
              fleet.emitter().emit(ScenarioFleet.event(ScenarioFleet.CANVAS, "e" + n, script)));
        }
        for (int n = 0; n < BATCH; n++) {
          note("e" + (i + n), batch.get(n));
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void note(String id, CompletableFuture<Emitted> emitted) {
    try {
      acknowledged.put(id, emitted.join());
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof EmitException typed)) {
        throw e;
      }
      refused.put(id, typed);
    }
  }

  /// What Kafka has durably, by event.
  Map<String, Emitted> acknowledged() {
    return acknowledged;
  }

  /// What was refused, or may not be there, by event.
  Map<String, EmitException> refused() {
    return refused;
  }

  /// Stops, and waits until the last events are acknowledged or refused.
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(60_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (thread.isAlive()) {
      throw new AssertionError("the emitter hangs");
    }
  }
}
