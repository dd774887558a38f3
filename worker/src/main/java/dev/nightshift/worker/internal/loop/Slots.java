package dev.nightshift.worker.internal.loop;

import java.util.HashMap;
import java.util.Map;

/// How many handlers run and what their events take in memory, for whom, and who may start one
/// more: see [Share]. Owned by the loop's thread. Pure.
final class Slots {
  /// So many slots are enough for newcomers to begin with, of however many there are: the first one
  /// takes most of them, and leaves one for the next.
  private static final long LEFT_MAX = 32;

  private int total;
  private final Share handlers;
  private final Share bytes;
  private final Map<String, OfCanvas> canvases = new HashMap<>();

  /// What a queue uses.
  private static final class Use {
    long handlers;
    long bytes;

    void add(long moreHandlers, long moreBytes) {
      handlers += moreHandlers;
      bytes += moreBytes;
    }

    boolean isNothing() {
      return handlers == 0 && bytes == 0;
    }
  }

  /// What a canvas uses, and its queues of that.
  private record OfCanvas(Use whole, Map<String, Use> queues) {
    OfCanvas() {
      this(new Use(), new HashMap<>());
    }
  }

  /// @param total how many handlers run at once
  /// @param bytesMax what their events take in memory
  Slots(int total, long bytesMax) {
    this.total = total;
    this.handlers = new Share(total, LEFT_MAX);
    this.bytes = new Share(bytesMax, bytesMax);
  }

  /// From now on as many handlers run at once. Those that run beyond it run on.
  void total(int handlersMax) {
    total = handlersMax;
    handlers.total(handlersMax);
  }

  int total() {
    return total;
  }

  int used() {
    return Math.toIntExact(handlers.used());
  }

  int free() {
    return Math.toIntExact(handlers.free());
  }

  /// Whether a queue of a canvas may start one more.
  boolean mayStart(String canvas, String queue, Share.Others others) {
    OfCanvas all = canvases.get(canvas);
    if (all == null) {
      return handlers.free() > 0 && bytes.free() > 0;
    }
    Use own = all.queues.get(queue);
    return handlers.mayTake(all.whole.handlers, own == null ? 0 : own.handlers, others)
        && bytes.mayTake(all.whole.bytes, own == null ? 0 : own.bytes, others);
  }

  void started(Waiting event) {
    OfCanvas canvas = canvases.computeIfAbsent(event.canvas().name(), name -> new OfCanvas());
    Use queue = canvas.queues.computeIfAbsent(event.event().queue(), name -> new Use());
    change(canvas, queue, 1, event.bytes());
  }

  /// Its handler has ended.
  void ended(Waiting event) {
    giveBack(event, 1, 0);
  }

  /// Nothing needs the event any more.
  void letGo(Waiting event) {
    giveBack(event, 0, event.bytes());
  }

  private void giveBack(Waiting event, long ofHandlers, long ofBytes) {
    OfCanvas canvas = canvases.get(event.canvas().name());
    Use queue = canvas == null ? null : canvas.queues.get(event.event().queue());
    if (canvas == null || queue == null) {
      throw new IllegalStateException(
          "event %s of %s/%s gives back what it did not take"
              .formatted(event.event().id(), event.canvas().name(), event.event().queue()));
    }
    change(canvas, queue, -ofHandlers, -ofBytes);
    if (queue.isNothing()) {
      canvas.queues.remove(event.event().queue());
    }
    if (canvas.whole.isNothing()) {
      canvases.remove(event.canvas().name());
    }
  }

  private void change(OfCanvas canvas, Use queue, long moreHandlers, long moreBytes) {
    handlers.use(moreHandlers);
    bytes.use(moreBytes);
    canvas.whole.add(moreHandlers, moreBytes);
    queue.add(moreHandlers, moreBytes);
  }
}
