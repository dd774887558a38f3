package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Durations;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.KnownNames;
import dev.nightshift.common.Names;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.ledger.Mark;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.run.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Takes records in and decides what becomes of each: the gate. Owned by the loop's thread. It also
/// keeps what is in memory within its bounds, by pausing partitions.
final class Intake {
  private final LoopTime time;
  private final Parts parts;
  private final KnownNames names = new KnownNames();
  private final Deque<Undecided> undecided = new ArrayDeque<>();
  private final Elsewhere elsewhere = new Elsewhere();

  /// What the gate works with.
  record Parts(
      Control control,
      Peers peers,
      Deaths deaths,
      Attempts attempts,
      RunQueue queue,
      LaneMoves lanes,
      Reading reading,
      Scribe scribe,
      Endings endings,
      Consumer<WorkerEvent> events) {}

  /// An event that may have no handler, no canvas or another one, which only a fresh view of the
  /// control log and of the other workers can say.
  private record Undecided(Waiting waiting, long asked, long peersAsked) {}

  Intake(LoopTime time, Parts parts) {
    this.time = time;
    this.parts = parts;
  }

  /// Nothing is taken in any more; what waits is forgotten, its offsets stay untouched in their
  /// ledgers.
  void close(Collection<Partition> all) {
    drop(partition -> true);
    parts.scribe().dropTransfers(partition -> true);
    parts.reading().close(all);
  }

  /// Forgets what waits of these partitions.
  void forget(Collection<Partition> partitions) {
    drop(partitions::contains);
    parts.scribe().dropTransfers(partitions::contains);
    parts.reading().forget(partitions);
  }

  private void drop(Predicate<Partition> which) {
    for (Waiting waiting : parts.queue().remove(each -> which.test(each.partition()))) {
      waiting.partition().waitsNoMore(waiting);
    }
    parts.deaths().drop(which);
    undecided.removeIf(each -> which.test(each.waiting().partition()));
    elsewhere.drop(which);
  }

  /// Other flags count, or there are other lanes.
  ///
  /// @param all partitions that are assigned
  void stop(Stops stops, Collection<Partition> all) {
    for (Partition partition : all) {
      came(partition, stops);
    }
    parts.lanes().stop(stops);
  }

  /// A partition was assigned.
  void came(Partition partition, Stops stops) {
    partition.stopped(stops.stops(partition));
    parts.reading().touched(partition);
  }

  /// An event's lane does not take it: it waits here, for a slot, or for a worker that has its
  /// handler to be given this partition.
  void stays(Waiting waiting) {
    if (parts.attempts().handles(waiting.canvas().name(), waiting.event().queue())) {
      parts.queue().add(waiting.stayingSince(time.nanos()));
    } else {
      elsewhere.add(waiting.stayingSince(time.nanos()));
    }
  }

  /// The gate: decides what becomes of one record.
  void gate(Partition partition, ConsumerRecord<byte[], byte[]> record) {
    long offset = record.offset();
    if (offset < partition.position() || partition.heldUntil().isPresent()) {
      return;
    }
    boolean known = offset < partition.ledger().end();
    if (!known && !parts.reading().hasLedgerRoom(partition)) {
      parts.reading().holdAt(partition, offset, time.wall());
      return;
    }
    Mark mark = partition.ledger().mark(offset);
    boolean asked = isAskedFor(partition, offset, mark);
    if (!asked) {
      take(partition, offset);
    } else {
      admit(partition, mark, record);
    }
    if (!asked || partition.inRecovery()) {
      parts.reading().goOn(partition);
    }
  }

  private void admit(Partition partition, Mark mark, ConsumerRecord<byte[], byte[]> record) {
    if (mark != Mark.UNTOUCHED) {
      partition.recovers(record.offset());
    }
    EventEnvelope event;
    try {
      event = EventEnvelope.read(record, partition.trusted(), names);
    } catch (EventEnvelope.UndecodableException e) {
      take(partition, record.offset());
      settle(partition, record, "", undecodable(record, e.getMessage()));
      return;
    }
    Optional<Instant> waits =
        mark == Mark.UNTOUCHED ? partition.waitsUntil(event, time.wall()) : Optional.empty();
    if (waits.isPresent()) {
      parts.reading().holdAt(partition, record.offset(), waits.get());
      return;
    }
    take(partition, record.offset());
    admit(partition, mark, event);
  }

  // As long as a former owner's claims are looked for nothing else is.
  private static boolean isAskedFor(Partition partition, long offset, Mark mark) {
    return switch (mark) {
      case COMPLETED -> false;
      case UNTOUCHED -> !partition.inRecovery();
      case CLAIMED, HANDED_BACK -> !partition.isRecovering(offset);
    };
  }

  private void take(Partition partition, long offset) {
    partition.read(offset, time.monotonic());
    parts.scribe().touched(partition);
  }

  private void admit(Partition partition, Mark mark, EventEnvelope event) {
    Optional<Canvas> canvas = canvasOf(partition, event);
    Canvas known = canvas.orElseGet(() -> new Canvas("", 0, event.originTopic(), "", true));
    Waiting waiting = new Waiting(partition, known, event);
    partition.waits(waiting);
    parts.reading().touched(partition);
    boolean certain =
        canvas.isPresent() && event.claimedCanvas().orElse(known.name()).equals(known.name());
    if (!certain) {
      ask(waiting);
    } else if (mark != Mark.UNTOUCHED || known.deleted()) {
      decide(waiting, canvas);
    } else if (parts.attempts().handles(known.name(), event.queue())) {
      waitsOn(waiting); // As almost all do.
    } else {
      ask(waiting);
    }
  }

  private void ask(Waiting waiting) {
    undecided.add(new Undecided(waiting, parts.control().refresh(), parts.peers().refresh()));
  }

  /// Ends or admits events whose fate needed a view newer than themselves.
  void decide() {
    parts
        .deaths()
        .counted()
        .forEach(death -> lost(death.waiting(), death.mark(), death.canvas().name()));
    elsewhere.again(time.nanos()).forEach(this::ask);
    if (undecided.isEmpty()) {
      return;
    }
    long answered = parts.control().answered();
    long peersAnswered = parts.peers().answered();
    while (!undecided.isEmpty()
        && undecided.peekFirst().asked() <= answered
        && undecided.peekFirst().peersAsked() <= peersAnswered) {
      Waiting waiting = undecided.removeFirst().waiting();
      decide(waiting, canvasOf(waiting.partition(), waiting.event()));
    }
  }

  private void decide(Waiting waiting, Optional<Canvas> canvas) {
    EventEnvelope event = waiting.event();
    Mark mark = waiting.partition().ledger().mark(waiting.offset());
    if (mark != Mark.UNTOUCHED) {
      if (!parts.deaths().take(waiting, mark, canvas)) {
        lost(waiting, mark, canvas.map(Canvas::name).orElse(""));
      }
    } else if (canvas.isEmpty() || canvas.get().deleted()) {
      end(
          waiting,
          Outcome.CANVAS_DELETED,
          canvas.map(Intake::deleted).orElseGet(() -> unknown(event)));
    } else if (!parts.attempts().handles(canvas.get().name(), event.queue())) {
      withoutHandler(waiting, canvas.get());
    } else {
      waitsOn(waiting.of(canvas.get()));
    }
  }

  // An event waits for its start: in its lane if it is in the way where it stands, else here.
  private void waitsOn(Waiting waiting) {
    if (!parts.lanes().take(waiting)) {
      parts.queue().add(waiting);
    }
  }

  /// An event that was claimed does not start after all. Its canvas may be gone meanwhile.
  void waitsAgain(Waiting waiting) {
    waiting.partition().waits(waiting);
    parts.reading().touched(waiting.partition());
    if (isDeleted(waiting, parts.control().view())) {
      end(waiting, Outcome.CANVAS_DELETED, deleted(waiting.canvas()));
    } else {
      waitsOn(waiting);
    }
  }

  // While its queue is stopped it may come to have one.
  private void withoutHandler(Waiting waiting, Canvas canvas) {
    String queue = waiting.event().queue();
    boolean others = parts.peers().announce(canvas.name(), queue);
    if (!others && !parts.queue().isStopped(waiting)) {
      String name = canvas.name() + "/" + queue;
      end(waiting, Outcome.NO_HANDLER, "no live worker has a handler for " + name);
      return;
    }
    Waiting known = waiting.of(canvas);
    if (known.stays() && parts.queue().isStopped(known)) {
      known = known.stayingSince(time.nanos());
    }
    if (Elsewhere.isOver(known, time.nanos())) {
      String reason =
          "its lane does not take it, and for "
              + Durations.text(Elsewhere.STAYS_MAX)
              + " no worker that has its handler was given "
              + known.partition().id();
      end(
          known,
          Outcome.EXHAUSTED,
          parts.endings().undeliverable(known.event(), canvas.name(), reason, time.wall()));
      return;
    }
    if (!(others ? parts.lanes().handOn(known) : parts.lanes().take(known))) {
      elsewhere.add(known);
    }
  }

  /// Ends what waits of canvases that were deleted since.
  void dropDeleted() {
    ControlView view = parts.control().view();
    parts
        .queue()
        .remove(each -> isDeleted(each, view))
        .forEach(each -> end(each, Outcome.CANVAS_DELETED, deleted(each.canvas())));
  }

  private static boolean isDeleted(Waiting waiting, ControlView view) {
    return view.canvas(waiting.canvas().name())
        .filter(newest -> newest.generation() > waiting.canvas().generation() || newest.deleted())
        .isPresent();
  }

  private void end(Waiting waiting, Outcome outcome, String reason) {
    String canvas = waiting.canvas().name();
    end(
        waiting,
        outcome,
        parts.endings().ended(waiting.event(), canvas, outcome, reason, time.wall()));
  }

  private void end(Waiting waiting, Outcome outcome, List<ProducerRecord<byte[], byte[]>> records) {
    Partition partition = waiting.partition();
    partition.waitsNoMore(waiting);
    parts.reading().touched(partition);
    EventEnvelope event = waiting.event();
    String canvas = waiting.canvas().name();
    parts
        .events()
        .accept(
            new WorkerEvent.Ended(
                canvas,
                event.queue(),
                event.id(),
                event.attempt(),
                outcome.label(),
                Duration.ZERO));
    parts.scribe().move(Move.unhandled(partition, event.record(), canvas, records));
  }

  private void lost(Waiting waiting, Mark mark, String canvas) {
    Partition partition = waiting.partition();
    EventEnvelope event = waiting.event();
    long offset = waiting.offset();
    partition.waitsNoMore(waiting);
    if (partition.attempt(offset) != null) {
      throw new IllegalStateException("offset " + offset + " of " + partition.id() + " read again");
    }
    String writer = partition.formerWriter();
    boolean suspicious = mark == Mark.CLAIMED;
    parts
        .events()
        .accept(
            new WorkerEvent.AttemptLost(
                canvas,
                event.queue(),
                event.id(),
                event.attempt(),
                parts.endings().exhausted(event),
                writer));
    settle(
        partition,
        event.record(),
        canvas,
        suspicious
            ? parts.endings().lost(event, canvas, writer, time.wall())
            : parts.endings().handedBack(event, canvas, writer, time.wall()));
  }

  private List<ProducerRecord<byte[], byte[]>> undecodable(
      ConsumerRecord<byte[], byte[]> record, @Nullable String reason) {
    String why = reason == null ? "it cannot be read" : reason;
    parts
        .events()
        .accept(
            new WorkerEvent.DeadLettered(
                record.topic() + "/" + record.partition() + "/" + record.offset(), why));
    return parts.endings().undecodable(record, why, time.wall());
  }

  private void settle(
      Partition partition,
      ConsumerRecord<byte[], byte[]> record,
      String canvas,
      List<ProducerRecord<byte[], byte[]>> records) {
    parts.scribe().move(Move.unhandled(partition, record, canvas, records));
    parts.reading().touched(partition);
  }

  private Optional<Canvas> canvasOf(Partition partition, EventEnvelope event) {
    String topic = partition.trusted() ? event.originTopic() : partition.id().topic();
    return parts.control().view().canvasOf(topic, event.claimedCanvas());
  }

  private String unknown(EventEnvelope event) {
    String topic = event.originTopic();
    return parts.control().view().canvasesOf(topic).isEmpty()
        ? "no canvas of the control log has the topic " + topic
        : event
                .claimedCanvas()
                .map(name ->
                    "no canvas " + Names.quoted(name) + " is among those that share the topic ")
                .orElse(
                    "it has no header " + EventHeaders.CANVAS + ", and canvases share the topic ")
            + topic;
  }

  private static String deleted(Canvas canvas) {
    return "canvas " + canvas.name() + " (generation " + canvas.generation() + ") was deleted";
  }
}
