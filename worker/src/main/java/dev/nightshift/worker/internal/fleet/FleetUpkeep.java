package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.CanvasRemoval;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/// Carries deleted canvases to their end, on a daemon thread of its own. One worker does it for
/// all: the one that has the retry topic's first partition. Two that do it for a moment, while that
/// partition moves, do the same.
public final class FleetUpkeep implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(2);

  /// Emitters hear of a deletion within a moment; those that do not get what they store ended, too.
  private static final Duration DELETED_FOR = Duration.ofSeconds(10);

  private final Parts parts;
  private final Thread thread;
  private final Map<Canvas, Long> seen = new HashMap<>();
  private final Set<Canvas> done = new HashSet<>();
  private volatile boolean closed;

  /// What it works with.
  ///
  /// @param leads whether this worker does it now
  /// @param connect reaches the fleet; called when there is something to do
  public record Parts(
      BooleanSupplier leads,
      Supplier<ControlView> control,
      Supplier<WorkersView> workers,
      Supplier<CanvasRemoval> connect,
      Consumer<WorkerEvent> events) {}

  /// Begins.
  public FleetUpkeep(Parts parts) {
    this.parts = parts;
    this.thread = Thread.ofPlatform().name("nightshift-upkeep").daemon().unstarted(this::run);
    thread.start();
  }

  private void run() {
    while (!closed) {
      LockSupport.parkNanos(this, EVERY.toNanos());
      if (!closed && parts.leads().getAsBoolean()) {
        turn(parts.control().get());
      }
    }
  }

  private void turn(ControlView view) {
    long now = System.nanoTime();
    for (Canvas canvas : view.deletedCanvases()) {
      boolean due = now - seen.computeIfAbsent(canvas, first -> now) >= DELETED_FOR.toNanos();
      boolean heard =
          parts.workers().get().live().stream()
              .allMatch(worker -> worker.controlOffset() >= view.offset());
      if (!done.contains(canvas) && due && (!canvas.gone() || heard)) {
        carry(view, canvas);
      }
    }
  }

  private void carry(ControlView view, Canvas canvas) {
    try (CanvasRemoval removal = parts.connect().get()) {
      if (canvas.gone()) {
        if (removal.delete(view, canvas)) {
          done.add(canvas);
          parts.events().accept(new WorkerEvent.CanvasGone(canvas.name(), canvas.generation()));
        }
      } else if (!removal.waits(view, canvas)) {
        removal.leave(canvas);
      }
    } catch (FleetException | KafkaException e) {
      parts
          .events()
          .accept(new WorkerEvent.UpkeepDelayed(canvas.name(), String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
