package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.Killer;
import dev.nightshift.common.Scope;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.loop.Kills;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/// Does what the queues' breakers do, on a thread of its own, one after another. The loop's thread
/// tells; bounded by the events that a former owner ran alone, and by the queues that are tried.
public final class FleetKills implements Kills, AutoCloseable {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(1);

  private final Supplier<Fleet> connect;
  private final Consumer<WorkerEvent> events;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("nightshift-breaker").daemon().factory());

  // Written by the loop's thread and by this one's.
  private final Set<Scope> surviving = ConcurrentHashMap.newKeySet();
  private long asked;

  // Written by this one's thread, read by the loop's.
  private volatile long answered;

  /// @param connect reaches the fleet; called for each change
  public FleetKills(Supplier<Fleet> connect, Consumer<WorkerEvent> events) {
    this.connect = connect;
    this.events = events;
  }

  @Override
  public long killed(Killer killer) {
    long number = ++asked;
    if (!thread.isShutdown()) {
      thread.execute(() -> {
        try {
          note(killer);
        } finally {
          answered = number;
        }
      });
    }
    return number;
  }

  private void note(Killer killer) {
    try (Fleet fleet = connect.get()) {
      fleet
          .breakers()
          .killed(killer)
          .ifPresent(block ->
              events.accept(
                  new WorkerEvent.BreakerOpened(
                      killer.canvas(),
                      killer.queue(),
                      block.until().orElseThrow(),
                      block.reason())));
    } catch (FleetException | KafkaException e) {
      events.accept(
          new WorkerEvent.BreakerBehind(
              killer.canvas(), killer.queue(), killer.eventId(), String.valueOf(e.getMessage())));
    }
  }

  @Override
  public long answered() {
    return answered;
  }

  @Override
  public void survived(Canvas canvas, String queue, String eventId) {
    Scope scope = Scope.queue(canvas.name(), queue);
    if (!thread.isShutdown() && surviving.add(scope)) {
      thread.execute(() -> close(canvas, queue, eventId));
    }
  }

  private void close(Canvas canvas, String queue, String eventId) {
    try (Fleet fleet = connect.get()) {
      if (fleet.breakers().survived(canvas, queue, eventId)) {
        events.accept(new WorkerEvent.BreakerClosed(canvas.name(), queue, eventId));
      }
    } catch (FleetException | KafkaException e) {
      events.accept(
          new WorkerEvent.BreakerBehind(
              canvas.name(), queue, eventId, String.valueOf(e.getMessage())));
    } finally {
      surviving.remove(Scope.queue(canvas.name(), queue));
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
