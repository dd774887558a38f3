package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.loop.LaneMaker;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/// Makes lanes on a thread of its own, one after another. Safe for use by many threads. Bounded by
/// the queues that the worker holds events of.
public final class FleetLanes implements LaneMaker, AutoCloseable {
  /// A failure is told, and the next try made, no sooner than this.
  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

  private final Supplier<Fleet> connect;
  private final Consumer<WorkerEvent> events;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("nightshift-lanes").daemon().factory());

  // Written by who asks and by the thread.
  private final Set<Wanted> wanted = ConcurrentHashMap.newKeySet();

  private record Wanted(Canvas canvas, String queue) {}

  /// @param connect reaches the fleet; called once for each series of lanes
  /// @param events hears of lanes that cannot be made
  public FleetLanes(Supplier<Fleet> connect, Consumer<WorkerEvent> events) {
    this.connect = connect;
    this.events = events;
  }

  @Override
  public void want(Canvas canvas, String queue) {
    Wanted lane = new Wanted(canvas, queue);
    if (wanted.add(lane) && !thread.isShutdown()) {
      thread.execute(() -> make(lane));
    }
  }

  private void make(Wanted lane) {
    try (Fleet fleet = connect.get()) {
      fleet.createLane(lane.canvas(), lane.queue());
    } catch (FleetException | KafkaException e) {
      events.accept(
          new WorkerEvent.LaneDelayed(
              lane.canvas().name(), lane.queue(), String.valueOf(e.getMessage())));
      pause();
    } finally {
      wanted.remove(lane);
    }
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAILURE.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
