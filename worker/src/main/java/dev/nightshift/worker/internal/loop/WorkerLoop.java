package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ControlView;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The worker loop: one thread that owns the log, every ledger and every commit. Handlers run
/// elsewhere and speak to it only through its [Mailbox]. Production steps it with [#run], tests and
/// the simulator with [#tick].
///
/// Each turn: hear what ended, read and gate what came, claim as many as there are free slots,
/// write, start what was claimed.
public final class WorkerLoop {
  // How long the loop waits for something to happen: nothing runs, handlers run, events wait for a
  // slot.
  private static final Duration WAIT_IDLE = Duration.ofMillis(200);
  private static final Duration WAIT_RUNNING = Duration.ofMillis(4);
  private static final Duration WAIT_SLOT = Duration.ofMillis(2);

  // How long the last write for partitions that are taken away may be tried: the whole group waits
  // for it, and nothing of it is lost without it but time.
  private static final Duration LAST_WRITE_MAX = Duration.ofSeconds(2);

  private final LoopSettings settings;
  private final LoopTime time;
  private final TopicPartition leader;
  private final EventLog log;
  private final Control control;
  private final Attempts attempts;
  private final Mailbox mailbox;
  private final Peers peers;
  private final Consumer<WorkerEvent> events;

  private final Slots slots;
  private final RunQueue queue;
  private final Scribe scribe;
  private final Subscription subscription;
  private final Reading reading;
  private final Intake intake;
  private final LaneMoves lanes;
  private final InFlight inFlight;
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();

  private Stops stops = Stops.NONE;
  private long assignments;
  private boolean controlBehind;
  private boolean quiet;
  private boolean joined;
  private Drain drain = Drain.NO;

  /// What a loop works with; see the fields of the same names.
  public record Parts(
      EventLog log,
      Control control,
      Attempts attempts,
      Mailbox mailbox,
      Others others,
      EndTraces traces,
      Consumer<WorkerEvent> events) {}

  /// What a loop has of the rest of its fleet.
  public record Others(LaneMaker lanes, Peers peers, Kills kills) {}

  /// A loop that has not begun; it subscribes at its first turn.
  public WorkerLoop(LoopSettings settings, LoopTime time, Parts parts) {
    this.settings = settings;
    this.time = time;
    this.leader = new TopicPartition(settings.topics().retry(), 0);
    this.log = parts.log();
    this.control = parts.control();
    this.attempts = parts.attempts();
    this.mailbox = parts.mailbox();
    this.peers = parts.others().peers();
    this.events = parts.events();
    this.slots = new Slots(settings.slots(), settings.waitingBytesMax());
    this.queue = new RunQueue(slots, settings.attemptsMax());
    Endings endings = new Endings(settings, parts.traces());
    this.scribe = new Scribe(log, settings, endings, time, events);
    this.inFlight = new InFlight(settings, time, parts, queue, scribe);
    this.lanes = new LaneMoves(parts.others().lanes(), queue, scribe, endings);
    this.reading = new Reading(settings, time, log, scribe);
    this.intake =
        new Intake(
            time,
            new Intake.Parts(
                control,
                peers,
                new Deaths(time, control, parts.others().kills()),
                attempts,
                queue,
                lanes,
                reading,
                scribe,
                endings,
                events));
    scribe.onRefusedTransfer(intake::stays);
    this.subscription =
        new Subscription(settings.topics(), log, attempts, peers, intake::dropDeleted);
  }

  /// Turns until the worker was told to stop and has.
  ///
  /// @return how it ended
  public WorkerEvent.Stopped run() {
    while (tick()) {
      // Each turn waits by itself when there is nothing to do.
    }
    return new WorkerEvent.Stopped(drain.handedBack(), scribe.idle());
  }

  /// One turn.
  ///
  /// @return whether there will be another
  public boolean tick() {
    hear(waitForSlot());
    heed();
    subscription.follow(control.view(), time.nanos());
    read();
    hear(Duration.ZERO); // Reading takes a while: slots that became free meanwhile are claimed now.
    claim();
    write(false);
    inFlight.checkLimits();
    peers.tell(pulse());
    return !left();
  }

  /// What it has in hand.
  Load load() {
    return new Load(
        inFlight.running(),
        inFlight.open() - inFlight.running(),
        inFlight.claimed().size(),
        inFlight.strays(),
        slots.used(),
        partitions.values().stream().mapToInt(Partition::waiting).sum(),
        partitions.values().stream().mapToLong(Partition::waitingBytes).sum(),
        !scribe.idle());
  }

  private Pulse pulse() {
    Pulse.State state =
        drain.stopping() ? Pulse.State.DRAINING : quiet ? Pulse.State.QUIET : Pulse.State.RUNNING;
    OptionalInt held = joined ? OptionalInt.of(partitions.size()) : OptionalInt.empty();
    return new Pulse(
        stops.view().offset(),
        slots.total(),
        inFlight.running(),
        queue.size(),
        held,
        partitions.containsKey(leader),
        state);
  }

  // --- hear

  // What waits after a turn's claims waits for an attempt to end.
  private Duration waitForSlot() {
    return queue.size() > 0 ? WAIT_SLOT : Duration.ZERO;
  }

  private void hear(Duration wait) {
    for (Message message : mailbox.take(wait)) {
      switch (message) {
        case Message.HandlerEnded ended -> handlerEnded(ended.attempt());
        case Message.AttemptEnded ended -> ended(ended.finished());
        case Message.Drain order -> drain(order.grace());
        case Message.HandBackNow now -> drain(Duration.ZERO);
        case Message.Quiet order -> quiet = order.on();
      }
    }
  }

  private void handlerEnded(AttemptKey key) {
    Attempt attempt = attempt(key);
    if (attempt == null) {
      inFlight.endedLate(key);
    } else {
      inFlight.handlerEnded(attempt);
    }
  }

  private void ended(Finished finished) {
    Attempt attempt = attempt(finished.key());
    if (attempt == null) {
      inFlight.endedLate(finished.key());
    } else {
      inFlight.ended(attempt, finished);
      reading.touched(attempt.waiting().partition());
    }
  }

  // None if it was given up.
  private @Nullable Attempt attempt(AttemptKey key) {
    Partition partition = partitions.get(key.partition());
    boolean ours = partition != null && partition.assignment() == key.assignment();
    return partition != null && ours ? partition.attempt(key.offset()) : null;
  }

  // --- read

  // Reads the flags. Looked at in each turn, and again right before handlers start.
  private void heed() {
    ControlView view = control.view();
    Instant now = time.wall();
    if (!stops.outdated(view, now)) {
      stops = stops.with(view);
    } else {
      stops = new Stops(view, now);
      slots.total(view.concurrencyOf(settings.worker()).orElse(settings.slots()));
      queue.stop(stops);
      intake.stop(stops, partitions.values());
    }
    Optional<String> problem = control.problem();
    if (problem.isPresent() != controlBehind) {
      controlBehind = problem.isPresent();
      events.accept(
          problem
              .<WorkerEvent>map(WorkerEvent.ControlBehind::new)
              .orElseGet(WorkerEvent.ControlFollowed::new));
    }
  }

  private void read() {
    intake.decide();
    lanes.look(reading.full(), time.nanos());
    reading.balance(partitions.size());
    List<ConsumerRecord<byte[], byte[]>> records = log.poll(pollWait(), new Changes());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Partition partition = partitions.get(new TopicPartition(record.topic(), record.partition()));
      if (partition != null && !drain.stopping()) {
        intake.gate(partition, record);
      }
    }
  }

  private Duration pollWait() {
    if (queue.size() > 0) {
      return Duration.ZERO;
    }
    if (inFlight.hasClaims()) {
      return settings.claimInterval();
    }
    if (inFlight.open() > 0 || !scribe.idle() || drain.stopping()) {
      return WAIT_RUNNING;
    }
    Optional<Duration> due =
        Stream.of(reading.nextDue(), stops.nextEnd())
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder())
            .map(at -> Duration.between(time.wall(), at).plusMillis(1));
    return due.filter(wait -> wait.compareTo(WAIT_IDLE) < 0)
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .orElse(WAIT_IDLE);
  }

  // --- claim and write

  private void claim() {
    if (!drain.stopping() && !quiet) {
      inFlight.claim(reading::touched);
    }
  }

  private void write(boolean all) {
    scribe.handlersActive(inFlight.isActive(time.nanos()));
    scribe.write(inFlight.hasClaims(), all);
    heed();
    inFlight.start(intake::waitsOn);
  }

  // --- partitions come and go

  private final class Changes implements EventLog.Assignments {
    @Override
    public void assigned(Map<TopicPartition, EventLog.Assigned> assigned) {
      joined = true;
      assigned.forEach((id, what) -> {
        Partition.Kind kind = Partition.Kind.of(id.topic(), settings.topics());
        Partition partition =
            Opening.open(new Opening.Found(id, ++assignments, kind, what), time.nanos(), events);
        partitions.put(id, partition);
        if (partition.position() != what.committed().map(c -> c.base()).orElse(what.logStart())) {
          log.seek(id, partition.position());
        }
        scribe.touched(partition);
        intake.came(partition, stops);
      });
      if (partitions.isEmpty()) {
        events.accept(new WorkerEvent.NothingAssigned());
      }
    }

    @Override
    public void revoked(Collection<TopicPartition> ids) {
      Set<Partition> going = take(ids);
      going.forEach(partition ->
          inFlight.release(partition, attempt -> attempt.phase() == Attempt.Phase.CLAIMED));
      letFinish(going);
      hear(Duration.ZERO);
      for (Partition partition : going) {
        int given = inFlight.release(partition, Attempt::open);
        events.accept(
            new WorkerEvent.Revoked(partition.id().topic(), partition.id().partition(), given));
      }
      lastWrite(going);
      forget(going);
    }

    @Override
    public void lost(Collection<TopicPartition> ids) {
      Set<Partition> gone = take(ids);
      for (Partition partition : gone) {
        List<Attempt> were = partition.attempts();
        were.stream().filter(a -> a.phase() != Attempt.Phase.SETTLING).forEach(inFlight::giveUp);
        events.accept(
            new WorkerEvent.Lost(partition.id().topic(), partition.id().partition(), were.size()));
      }
      forget(gone);
    }

    @Override
    public void forbidden(Set<String> topics, String reason) {
      events.accept(new WorkerEvent.TopicsForbidden(Set.copyOf(topics), reason));
    }

    // What waits of them is forgotten at once, what runs is not.
    private Set<Partition> take(Collection<TopicPartition> ids) {
      Set<Partition> taken = new HashSet<>();
      for (TopicPartition id : ids) {
        Partition partition = partitions.get(id);
        if (partition != null) {
          taken.add(partition);
        }
      }
      intake.forget(taken);
      return taken;
    }

    private void forget(Set<Partition> gone) {
      scribe.forget(gone);
      intake.forget(gone);
      gone.forEach(partition -> partitions.remove(partition.id(), partition));
    }
  }

  // Most handlers take less time than a rebalance: what ends soon need not run twice.
  private void letFinish(Set<Partition> going) {
    long until = time.nanos() + settings.revocationGrace().toNanos();
    while (time.nanos() - until < 0
        && (going.stream().anyMatch(Partition::runs) || scribe.hasEnds(going))) {
      hear(WAIT_RUNNING);
      write(false);
    }
  }

  // What is not written in time counts as lost for the next owner.
  private void lastWrite(Set<Partition> going) {
    long until = time.nanos() + LAST_WRITE_MAX.toNanos();
    while (scribe.unwritten(going) && time.nanos() - until < 0 && !drain.over(time.nanos())) {
      if (!scribe.write(false, true)) {
        hear(WAIT_RUNNING);
      }
    }
  }

  // --- drain

  private void drain(Duration grace) {
    boolean first = !drain.stopping();
    drain = drain.ordered(grace, settings.closeReserve(), time.nanos());
    if (first) {
      attempts.drain();
      intake.close(partitions.values());
      inFlight.claimed().forEach(inFlight::release);
      events.accept(new WorkerEvent.Draining(inFlight.open(), time.wall().plus(grace)));
    }
  }

  // Whether the loop is over. Called at the end of each turn.
  private boolean left() {
    if (drain.phase() == Drain.Phase.DRAINING
        && (inFlight.open() == 0 || time.nanos() - drain.until() >= 0)) {
      hear(Duration.ZERO);
      drain = drain.leaving(handBack());
      write(true);
    }
    if (drain.phase() == Drain.Phase.LEAVING && (scribe.idle() || drain.over(time.nanos()))) {
      drain = drain.stopped();
      log.close();
      attempts.close();
      events.accept(new WorkerEvent.Stopped(drain.handedBack(), scribe.idle()));
    }
    return drain.phase() == Drain.Phase.STOPPED;
  }

  private int handBack() {
    int given = 0;
    for (Partition partition : partitions.values()) {
      for (Attempt attempt : partition.attempts()) {
        if (attempt.open()) {
          inFlight.handBack(attempt);
          given++;
        }
      }
    }
    return given;
  }
}
