package dev.nightshift.cli.internal;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.backlog.BacklogReader;
import dev.nightshift.common.backlog.DelayedEvent;
import dev.nightshift.common.backlog.EventPlace;
import dev.nightshift.common.dead.DeadLetterException;
import dev.nightshift.common.dead.DeadLetters;
import dev.nightshift.common.dead.DeadLetters.Found;
import dev.nightshift.common.ledger.LedgerCodec;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.Connection;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Finds out what is known of one event: where it is delayed, waits or runs, its traces, its dead
/// letter. For one thread.
final class EventLookup {
  /// Who asks where an event is does not wait for the traces of lost attempts any longer than this.
  private static final long TRACES_MORE_MILLIS = 1_000;

  /// These end an event for good; the others may have left a dead letter, which may be redriven.
  private static final Set<Outcome> FOR_GOOD =
      EnumSet.of(
          Outcome.COMPLETED,
          Outcome.TIMED_OUT,
          Outcome.NO_HANDLER,
          Outcome.CANVAS_DELETED,
          Outcome.CANCELLED);

  private final Connection connection;
  private final String id;
  private final Optional<String> wanted;
  private final SortedSet<String> queues = new TreeSet<>();

  EventLookup(Connection connection, String id) {
    this(connection, id, Optional.empty());
  }

  /// @param target the queue of the one that is meant; empty for any
  EventLookup(Connection connection, String id, Optional<EventTarget> target) {
    this.connection = connection;
    this.id = id;
    this.wanted = target.map(EventTarget::toString);
  }

  /// `CANVAS/QUEUE` of what was found: of several events, if it is more than one.
  SortedSet<String> queues() {
    return queues;
  }

  /// Looks.
  ///
  /// @param since what was stored before is not looked at
  EventState look(Instant since) {
    // The traces are read by a thread of their own: each of the two may be the longer one.
    CompletableFuture<List<Trace>> reading =
        CompletableFuture.supplyAsync(() -> {
          try (EventTraces traces = new EventTraces(connection, id, since)) {
            return traces.read().found().stream()
                .filter(trace -> isMeant(EventTraces.queue(trace)))
                .toList();
          }
        });
    try (Fleet fleet = connection.fleet();
        BacklogReader backlog =
            BacklogReader.of(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      ControlView view = fleet.view();
      // First what is delayed: it may be emitted just now.
      List<EventPlace> places =
          backlog.findDelayed(view, id, delayedSince(since)).stream()
              .map(DelayedEvent::place)
              .filter(this::isMeant)
              .toList();
      if (places.isEmpty()) {
        places = backlog.findAll(view, id, since, this::isMeant, () -> endedForGood(reading));
      }
      boolean waits = !places.isEmpty() && !reading.isDone();
      List<Trace> traces =
          waits
              ? reading
                  .completeOnTimeout(List.of(), TRACES_MORE_MILLIS, TimeUnit.MILLISECONDS)
                  .join()
              : reading.join();
      traces.forEach(trace -> note(trace.getCanvas(), trace.getQueue()));
      EventState state = EventState.of(id, first(places), traces);
      if (state.place().isPresent()) {
        return state.with(view).withWorkerLives(workerLives(state.place().get()));
      }
      EventState ended = state.with(letter(fleet, traces));
      return ended.known()
          ? ended
          : EventState.of(
              id, first(backlog.findEnded(view, id, since, lastEmit(), this::isMeant)), List.of());
    }
  }

  private Optional<EventPlace> first(List<EventPlace> places) {
    places.forEach(place -> note(place.canvas(), place.event().queue()));
    return places.stream().findFirst();
  }

  // Of what is no event of Nightshift it may be unknown.
  private void note(String canvas, String queue) {
    if (!canvas.isEmpty() && !queue.isEmpty()) {
      queues.add(canvas + "/" + queue);
    }
  }

  private boolean isMeant(EventPlace place) {
    return isMeant(place.canvas() + "/" + place.event().queue());
  }

  private boolean isMeant(String queue) {
    return wanted.isEmpty() || wanted.get().equals(queue);
  }

  // What is delayed was mostly stored long ago.
  private Instant delayedSince(Instant since) {
    return SearchStart.timeOf(id).isPresent() ? since : Instant.EPOCH;
  }

  // Who gives an event an id with a time emits it then.
  private Instant lastEmit() {
    Instant now = Instant.now();
    return SearchStart.timeOf(id)
        .map(time -> time.plus(SearchStart.CLOCKS_MAX))
        .filter(now::isAfter)
        .orElse(now);
  }

  private static boolean endedForGood(CompletableFuture<List<Trace>> reading) {
    return reading.isDone()
        && !reading.isCompletedExceptionally()
        && isForGood(EventTraces.last(reading.join()));
  }

  private static boolean isForGood(Optional<Trace> last) {
    return last.map(Trace::getOutcome)
        .filter(label -> FOR_GOOD.stream().anyMatch(outcome -> outcome.is(label)))
        .isPresent();
  }

  private boolean workerLives(EventPlace place) {
    if (place.mark() != Mark.CLAIMED || place.writer().isEmpty()) {
      return true;
    }
    String writer = place.writer().get();
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      return log.view().live(Instant.now()).stream()
          .anyMatch(beat -> LedgerCodec.isWriter(writer, beat.worker()));
    }
  }

  private Optional<Found> letter(Fleet fleet, List<Trace> traces) {
    if (isForGood(EventTraces.last(traces))) {
      return Optional.empty();
    }
    try (DeadLetters dead =
        DeadLetters.of(connection.client(), connection.plan(), Connection.ANSWER_MAX, fleet)) {
      return Optional.of(dead.get(id)).filter(found -> isMeant(found.letter().target()));
    } catch (DeadLetterException.NotFound e) {
      return Optional.empty();
    } catch (DeadLetterException.Ambiguous e) {
      System.err.println("nightshift: " + e.getMessage());
      return Optional.empty();
    }
  }
}
