package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The attempts that this worker has claimed and that have not ended: from the run queue over the
/// written claim to the handler's start, and back. Owned by the loop's thread.
final class InFlight {
  /// Where there are few slots, so many may have ended without a stored trace before nothing more
  /// is claimed; else as many as there are slots.
  private static final int ENDING_MIN = 100;

  private static final Duration ACTIVE_FOR = Duration.ofSeconds(1);

  private final LoopSettings settings;
  private final LoopTime time;
  private final Attempts attempts;
  private final RunQueue queue;
  private final Scribe scribe;
  private final Consumer<WorkerEvent> events;
  private final TimeLimits limits;
  private final Kills kills;

  private final Deque<Attempt> claimed = new ArrayDeque<>();
  // Attempts that were given up but whose threads have not ended: they still take slots.
  private final Map<AttemptKey, Attempt> strays = new HashMap<>();
  private int open;
  private int ending;
  private long activeNanos;

  InFlight(
      LoopSettings settings, LoopTime time, WorkerLoop.Parts parts, RunQueue queue, Scribe scribe) {
    this.settings = settings;
    this.time = time;
    this.attempts = parts.attempts();
    this.queue = queue;
    this.scribe = scribe;
    this.events = parts.events();
    this.kills = parts.others().kills();
    this.limits = new TimeLimits(attempts, queue.quotas(), events);
    this.activeNanos = time.nanos() - ACTIVE_FOR.toNanos();
  }

  /// Attempts that were claimed and whose handlers have not ended.
  int running() {
    return open - ending;
  }

  /// Whether a handler was started, or has ended, within the last second.
  boolean isActive(long nanos) {
    return nanos - activeNanos < ACTIVE_FOR.toNanos();
  }

  /// Attempts that were claimed and have not ended, or whose traces are not stored.
  int open() {
    return open;
  }

  /// Those of them whose claim is not written yet.
  List<Attempt> claimed() {
    return List.copyOf(claimed);
  }

  boolean hasClaims() {
    return !claimed.isEmpty();
  }

  /// How many were given up without an end of their threads.
  int strays() {
    return strays.size();
  }

  /// Claims as many as there are free slots, none while settlements or traces pile up that cannot
  /// be written. The handlers start when the claims are written.
  ///
  /// @param touched told each partition of which less waits now
  void claim(Consumer<Partition> touched) {
    if (scribe.full() || ending >= Math.max(ENDING_MIN, settings.slots())) {
      return;
    }
    long now = time.nanos();
    BooleanSupplier unsettled = () -> hasClaims() || ending > 0 || !scribe.recorded();
    for (Optional<Waiting> next = queue.take(now, unsettled);
        next.isPresent();
        next = queue.take(now, unsettled)) {
      Waiting waiting = next.get();
      Partition partition = waiting.partition();
      partition.waitsNoMore(waiting);
      Attempt attempt = partition.claim(waiting, now);
      attempt.trial(queue.isTried(waiting));
      claimed.addLast(attempt);
      open++;
      scribe.touched(partition);
      touched.accept(partition);
    }
  }

  /// Starts the handlers whose claims are written, whichever step wrote them, unless their queue is
  /// stopped by now. A claim that was sent too long ago is written again first: meanwhile this
  /// worker may have been given up.
  ///
  /// @param stopped given the events that do not start, as their queues are stopped: they wait on
  void start(Consumer<Waiting> stopped) {
    if (claimed.isEmpty()) {
      return;
    }
    long now = time.nanos();
    Instant wall = time.wall();
    boolean late = now - scribe.lastSentNanos() > settings.sessionTimeout().toNanos();
    for (int left = claimed.size(); left > 0; left--) {
      Attempt attempt = claimed.removeFirst();
      Partition partition = attempt.waiting().partition();
      if (!partition.holds(attempt)) {
        claimed.addLast(attempt);
      } else if (queue.isStopped(attempt.waiting())) {
        claimed.addLast(attempt);
        release(attempt);
        stopped.accept(attempt.waiting());
      } else if (late) {
        partition.doubt(now);
        scribe.touched(partition);
        claimed.addLast(attempt);
      } else {
        start(attempt, now, wall);
      }
    }
  }

  private void start(Attempt attempt, long now, Instant wall) {
    activeNanos = now;
    Waiting waiting = attempt.waiting();
    queue.began(waiting, now);
    var event = waiting.event();
    attempt.started(now, attempts.start(new AttemptSpec(attempt.key(), waiting.canvas(), event)));
    limits.started(attempt, time.monotonic());
    events.accept(
        new WorkerEvent.Started(
            waiting.canvas().name(),
            event.queue(),
            event.id(),
            event.attempt(),
            Duration.between(event.emittedAt(), wall)));
  }

  /// Interrupts handlers whose time is over.
  void checkLimits() {
    limits.check(time.nanos());
  }

  /// An attempt that counts was started, but its queue was stopped before its handler began: it is
  /// as if it had never been claimed.
  ///
  /// @return its event
  Waiting notBegun(Attempt attempt) {
    Waiting waiting = attempt.waiting();
    var event = waiting.event();
    close(attempt);
    waiting.partition().release(attempt, time.nanos());
    scribe.touched(waiting.partition());
    events.accept(
        new WorkerEvent.NotBegun(
            waiting.canvas().name(), event.queue(), event.id(), event.attempt()));
    return waiting;
  }

  /// A handler has ended whose attempt counts, and its trace is on its way: its slot is free.
  void handlerEnded(Attempt attempt, long now) {
    activeNanos = now;
    attempt.ending(now);
    ending++;
    queue.ended(attempt.waiting());
    limits.ended(attempt.key());
  }

  /// A handler has ended whose attempt counts: its settlement goes on its way.
  void ended(Attempt attempt, Finished finished, long now) {
    AttemptKey key = finished.key();
    Waiting waiting = attempt.waiting();
    Partition partition = waiting.partition();
    activeNanos = now;
    Duration ran = attempt.ran(now);
    close(attempt);
    var event = waiting.event();
    String canvas = waiting.canvas().name();
    events.accept(
        new WorkerEvent.Ended(
            canvas, event.queue(), event.id(), event.attempt(), finished.outcome().label(), ran));
    if (attempt.isTrial() && queue.isTried(waiting)) {
      kills.survived(waiting.canvas(), event.queue(), event.id());
    }
    if (finished.records().isEmpty()) {
      partition.complete(key.offset(), now);
      scribe.touched(partition);
    } else {
      attempt.settling();
      scribe.move(Move.handled(waiting, finished.outcome(), finished.records()));
    }
  }

  /// A handler has ended whose attempt was given up before: only its slot is free again.
  void endedLate(AttemptKey key) {
    Attempt stray = strays.remove(key);
    if (stray != null) {
      queue.ended(stray.waiting());
      queue.letGo(stray.waiting());
    }
  }

  // It takes nothing any more.
  private void close(Attempt attempt) {
    open--;
    if (attempt.phase() == Attempt.Phase.ENDING) {
      ending--;
    } else {
      queue.ended(attempt.waiting());
      limits.ended(attempt.key());
    }
    queue.letGo(attempt.waiting());
  }

  /// Gives an attempt up: one that runs is interrupted and keeps its slot until its thread has
  /// ended. Its ledger is left as it is.
  void giveUp(Attempt attempt) {
    if (attempt.open()) {
      attempt.interrupt(Interruption.HAND_BACK);
    }
    if (attempt.phase() == Attempt.Phase.RUNNING) {
      open--;
      limits.ended(attempt.key());
      strays.put(attempt.key(), attempt);
    } else {
      claimed.remove(attempt);
      close(attempt);
    }
  }

  /// Interrupts all handlers that still run: the loop is over, and nobody will hear of them.
  ///
  /// @param partitions all that are left
  void interruptAll(Collection<Partition> partitions) {
    Stream.concat(
            partitions.stream().flatMap(partition -> partition.attempts().stream()),
            strays.values().stream())
        .forEach(attempt -> attempt.interrupt(Interruption.HAND_BACK));
  }

  /// Gives an attempt up as if it had never been claimed.
  void release(Attempt attempt) {
    giveUp(attempt);
    Partition partition = attempt.waiting().partition();
    partition.release(attempt, time.nanos());
    scribe.touched(partition);
  }

  /// Gives up some of a partition's attempts as if they had never been claimed.
  ///
  /// @return how many there were
  int release(Partition partition, Predicate<Attempt> which) {
    int released = 0;
    for (Attempt attempt : partition.attempts()) {
      if (which.test(attempt)) {
        release(attempt);
        released++;
      }
    }
    return released;
  }

  /// Gives up a partition's started attempts, charged.
  ///
  /// @return how many there were
  int handBack(Partition partition) {
    int given = 0;
    for (Attempt attempt : partition.attempts()) {
      if (attempt.open()) {
        giveUp(attempt);
        partition.handBack(attempt, time.nanos());
        scribe.touched(partition);
        given++;
      }
    }
    return given;
  }
}
