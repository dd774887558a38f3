package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// The events that wait for a free slot, in a fair order: round robin over the canvases, and within
/// a canvas over its queues, so that no queue waits behind another's backlog. Suspects wait in a
/// line of their own ([Suspects]), as do those of a queue that is tried after a block; events of
/// queues that are paused or blocked are parked. Owned by the loop's thread; bounded by what the
/// loop reads ([Intake]). Pure.
final class RunQueue {
  private final Slots slots;
  private final Quotas quotas = new Quotas();
  private final Suspects suspects;
  private final Map<String, CanvasLine> lines = new HashMap<>();
  private final Deque<CanvasLine> turns = new ArrayDeque<>();
  private final List<Waiting> parked = new ArrayList<>();
  private Stops stops = Stops.NONE;
  private int size;
  private long taken;

  /// @param attemptsMax how many attempts an event has in all
  RunQueue(Slots slots, int attemptsMax) {
    this.slots = slots;
    this.suspects = new Suspects(attemptsMax);
  }

  /// How many wait that may start.
  int size() {
    return size + suspects.size();
  }

  /// Which queues may start nothing from now on. Those that may again do not lose their events.
  void stop(Stops now) {
    stops = now;
    boolean others = quotas.differs(now.view());
    List<Waiting> before = List.copyOf(parked);
    parked.clear();
    List<Waiting> again = new ArrayList<>();
    removeReady(waiting -> others || isStopped(waiting), again);
    quotas.read(now.view());
    before.forEach(this::add);
    again.forEach(this::add);
  }

  /// The limits that count.
  Quotas quotas() {
    return quotas;
  }

  /// Whether the event's queue may start nothing.
  boolean isStopped(Waiting waiting) {
    return stops.stops(waiting.canvas(), waiting.event().queue());
  }

  /// Whether the event's queue is tried after its breaker's block.
  boolean isTried(Waiting waiting) {
    return stops.tries(waiting.canvas(), waiting.event().queue());
  }

  void add(Waiting waiting) {
    if (isStopped(waiting)) {
      parked.add(waiting);
      return;
    }
    if (isTried(waiting)) {
      suspects.addAlone(waiting);
      return;
    }
    if (waiting.event().suspicion() > 0) {
      suspects.add(waiting);
      return;
    }
    CanvasLine line = lines.computeIfAbsent(waiting.canvas().name(), CanvasLine::new);
    if (line.isEmpty()) {
      turns.addLast(line);
    }
    line.add(waiting);
    size++;
  }

  /// Takes the next event that may start, and counts it as running until it has [#ended].
  ///
  /// @param unsettled whether one that was taken has not [#began] yet, or has ended and that is not
  ///   on record
  Optional<Waiting> take(long nanos, BooleanSupplier unsettled) {
    Predicate<Waiting> may =
        waiting ->
            quotas.mayStart(waiting, nanos) && mayStart(waiting.canvas(), waiting.event().queue());
    suspects.othersWait(!turns.isEmpty());
    if (suspects.holdsAll(may, nanos, unsettled)) {
      return Optional.empty();
    }
    Optional<Waiting> suspect = suspects.take(may, nanos);
    if (suspect.isPresent()) {
      return started(suspect.get());
    }
    for (int tried = turns.size(); tried > 0 && slots.free() > 0; tried--) {
      CanvasLine line = turns.removeFirst();
      Share.Others others = new Share.Others(!turns.isEmpty(), line.turns.size() > 1);
      Optional<Waiting> next =
          line.take(waiting ->
              quotas.mayStart(waiting, nanos)
                  && slots.mayStart(line.canvas, waiting.event().queue(), others));
      if (line.isEmpty()) {
        lines.remove(line.canvas);
      } else {
        turns.addLast(line);
      }
      if (next.isPresent()) {
        size--;
        return started(next.get());
      }
    }
    return Optional.empty();
  }

  /// How many were taken so far.
  long taken() {
    return taken;
  }

  private Optional<Waiting> started(Waiting waiting) {
    taken++;
    slots.started(waiting);
    quotas.started(waiting);
    return Optional.of(waiting);
  }

  /// The handler of one that was taken starts.
  void began(Waiting waiting, long nanos) {
    suspects.began(waiting, nanos);
  }

  /// The event of a queue that is taken next, of all partitions; none if the queue is limited.
  Optional<Waiting> next(Canvas canvas, String queue) {
    CanvasLine line = lines.get(canvas.name());
    return line == null ? Optional.empty() : line.next(queue);
  }

  /// Whether an event of the queue would get a slot.
  boolean mayStart(Canvas canvas, String queue) {
    return slots.mayStart(canvas.name(), queue, new Share.Others(!turns.isEmpty(), false));
  }

  /// Goes over all that waits, parked or not.
  void forEach(Consumer<Waiting> visitor) {
    suspects.forEach(visitor);
    turns.forEach(line -> line.turns.forEach(queue -> queue.forEach(visitor)));
    parked.forEach(visitor);
  }

  /// The handler of an event that was taken has ended, or was never started. [#letGo] follows.
  void ended(Waiting waiting) {
    slots.ended(waiting);
  }

  /// An event that was taken is not in memory any more.
  void letGo(Waiting waiting) {
    slots.letGo(waiting);
    suspects.ended(waiting);
  }

  /// Removes what waits and matches, parked or not.
  Collection<Waiting> remove(Predicate<Waiting> which) {
    List<Waiting> removed = new ArrayList<>();
    removeReady(which, removed);
    parked.removeIf(waiting -> which.test(waiting) && removed.add(waiting));
    return removed;
  }

  private void removeReady(Predicate<Waiting> which, List<Waiting> removed) {
    removed.addAll(suspects.remove(which));
    int before = removed.size();
    for (CanvasLine line : List.copyOf(turns)) {
      line.remove(which, removed);
      if (line.isEmpty()) {
        turns.remove(line);
        lines.remove(line.canvas);
      }
    }
    size -= removed.size() - before;
  }

  /// What waits of one canvas.
  private final class CanvasLine {
    private final String canvas;
    private final Map<String, Deque<Waiting>> queues = new HashMap<>();
    private final Deque<Deque<Waiting>> turns = new ArrayDeque<>();

    CanvasLine(String canvas) {
      this.canvas = canvas;
    }

    boolean isEmpty() {
      return turns.isEmpty();
    }

    // Of a limited queue each partition has its own part of the limit, and waits for itself.
    private String key(Waiting waiting) {
      String queue = waiting.event().queue();
      return quotas.isLimited(waiting) ? queue + "/" + waiting.partition().id() : queue;
    }

    void add(Waiting waiting) {
      Deque<Waiting> queue = queues.computeIfAbsent(key(waiting), name -> new ArrayDeque<>());
      if (queue.isEmpty()) {
        turns.addLast(queue);
      }
      queue.addLast(waiting);
    }

    Optional<Waiting> next(String queue) {
      Deque<Waiting> waiting = queues.get(queue);
      return waiting == null ? Optional.empty() : Optional.of(waiting.getFirst());
    }

    Optional<Waiting> take(Predicate<Waiting> may) {
      for (int tried = turns.size(); tried > 0; tried--) {
        Deque<Waiting> queue = turns.removeFirst();
        Waiting first = queue.getFirst();
        boolean taken = may.test(first);
        if (taken) {
          queue.removeFirst();
        }
        if (queue.isEmpty()) {
          queues.remove(key(first));
        } else {
          turns.addLast(queue);
        }
        if (taken) {
          return Optional.of(first);
        }
      }
      return Optional.empty();
    }

    void remove(Predicate<Waiting> which, List<Waiting> removed) {
      List<Waiting> kept = new ArrayList<>();
      while (!turns.isEmpty()) {
        Waiting next = take(waiting -> true).orElseThrow();
        (which.test(next) ? removed : kept).add(next);
      }
      kept.forEach(this::add);
    }
  }
}
