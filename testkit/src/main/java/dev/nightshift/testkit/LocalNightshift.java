package dev.nightshift.testkit;

import dev.nightshift.emitter.Emitter;
import dev.nightshift.emitter.EmitterSettings;
import dev.nightshift.handler.Handler;
import dev.nightshift.local.LocalKafka;
import dev.nightshift.worker.Worker;
import dev.nightshift.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// A Kafka in this JVM, a worker on it, and what tests need to use it. Started and closed by one
/// thread, used by any.
final class LocalNightshift implements AutoCloseable {
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private final Deque<AutoCloseable> opened;
  private final String bootstrapServers;
  private final Worker worker;
  private final Emitter emitter;
  private final EndedEvents traces;

  private LocalNightshift(List<Handler> handlers, String tracesTopic, Deque<AutoCloseable> opened) {
    this.opened = opened;
    LocalKafka kafka = LocalKafka.start();
    opened.push(kafka);
    this.bootstrapServers = kafka.bootstrapServers();
    WorkerSettings settings = WorkerSettings.of(bootstrapServers, "test", Path.of("none"));
    this.worker = Worker.start(settings, handlers, event -> {});
    opened.push(worker);
    opened.push(begin(worker));
    this.emitter = Emitter.connect(EmitterSettings.of(bootstrapServers, "test"));
    opened.push(emitter);
    this.traces = new EndedEvents(bootstrapServers, tracesTopic);
    opened.push(traces);
  }

  /// Starts all; after a failure nothing is left open.
  ///
  /// @param tracesTopic where the worker's traces are
  static LocalNightshift start(List<Handler> handlers, String tracesTopic) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new LocalNightshift(handlers, tracesTopic, opened);
    } catch (RuntimeException | Error e) {
      closeAll(opened).forEach(e::addSuppressed);
      throw e;
    }
  }

  /// Runs a worker.
  ///
  /// @return stops it
  private static AutoCloseable begin(Worker worker) {
    BlockingQueue<String> ended = new ArrayBlockingQueue<>(1);
    Thread.ofPlatform().daemon().name("nightshift-test-worker").start(() -> ended.add(run(worker)));
    return () -> {
      worker.drain();
      if (ended.poll(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS) == null) {
        throw new IllegalStateException(
            "the worker has not ended within " + STOP_MAX.toSeconds() + " s");
      }
    };
  }

  private static String run(Worker worker) {
    try {
      return worker.run().toString();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  Worker worker() {
    return worker;
  }

  Emitter emitter() {
    return emitter;
  }

  EndedEvents traces() {
    return traces;
  }

  /// Closes all, the other way round than it was opened: each, even if closing another one fails.
  @Override
  public void close() throws Exception {
    List<Exception> failures = closeAll(opened);
    if (!failures.isEmpty()) {
      Exception first = failures.remove(0);
      failures.forEach(first::addSuppressed);
      throw first;
    }
  }

  /// Closes all.
  ///
  /// @return what was thrown
  static List<Exception> closeAll(Deque<AutoCloseable> opened) {
    List<Exception> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        failures.add(e);
      }
    }
    return failures;
  }
}
