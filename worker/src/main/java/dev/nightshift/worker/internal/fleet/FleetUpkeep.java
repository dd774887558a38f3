package dev.nightshift.worker.internal.fleet;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.CanvasRemoval;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.events.WorkerEvent;
import java.time.Duration;
import java.util.List;
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

  private final Parts parts;
  private final Thread thread;
  private final CanvasEnds ends = new CanvasEnds();
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
    boolean heard =
        parts.workers().get().live().stream()
            .allMatch(worker -> worker.controlOffset() >= view.offset());
    List<Canvas> due = ends.due(view, heard, System.nanoTime());
    if (due.isEmpty()) {
      return;
    }
    try (CanvasRemoval removal = parts.connect().get()) {
      for (Canvas canvas : due) {
        if (closed || !parts.leads().getAsBoolean()) {
          return;
        }
        carry(view, canvas, removal);
      }
    } catch (FleetException | KafkaException e) {
      delayed(due.getFirst(), e);
    }
  }

  private void carry(ControlView view, Canvas canvas, CanvasRemoval removal) {
    try {
      if (ends.carry(view, canvas, new Connected(removal))) {
        parts.events().accept(new WorkerEvent.CanvasGone(canvas.name(), canvas.generation()));
      }
    } catch (FleetException | KafkaException e) {
      delayed(canvas, e);
    }
  }

  private void delayed(Canvas canvas, RuntimeException why) {
    parts
        .events()
        .accept(new WorkerEvent.UpkeepDelayed(canvas.name(), String.valueOf(why.getMessage())));
  }

  private record Connected(CanvasRemoval removal) implements CanvasEnds.Removal {
    @Override
    public boolean waits(ControlView view, Canvas canvas) {
      return removal.waits(view, canvas);
    }

    @Override
    public void leave(Canvas canvas) {
      removal.leave(canvas);
    }

    @Override
    public boolean delete(ControlView view, Canvas canvas) {
      return removal.delete(view, canvas);
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
