package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.ControlView;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
  static final Duration WAIT_RUNNING = Duration.ofMillis(4);
  private static final Duration WAIT_SLOT = Duration.ofMillis(2);

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
  private final Owned owned;

  private Stops stops = Stops.NONE;
  private boolean flagsInDoubt;
  private boolean controlBehind;
  private boolean quiet;
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
    this.lanes =
        new LaneMoves(parts.others().lanes(), peers::announceOther, queue, scribe, endings);
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
    this.owned =
        new Owned(
            settings, time, new Owned.Parts(log, intake, inFlight, scribe, events), new Turn());
    this.subscription =
        new Subscription(
            settings.topics(),
            log::subscribe,
            attempts::handles,
            peers::announce,
            intake::dropDeleted);
  }

  /// Turns until the worker was told to stop and has. What still runs then, or when it fails, is
  /// interrupted.
  ///
  /// @return how it ended
  public WorkerEvent.Stopped run() {
    try {
      while (tick()) {
        // Each turn waits by itself when there is nothing to do.
      }
    } finally {
      inFlight.interruptAll(owned.all());
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
        owned.all().stream().mapToInt(Partition::waiting).sum(),
        owned.all().stream().mapToLong(Partition::waitingBytes).sum(),
        !scribe.idle());
  }

  private Pulse pulse() {
    Pulse.State state =
        drain.stopping() ? Pulse.State.DRAINING : quiet ? Pulse.State.QUIET : Pulse.State.RUNNING;
    return new Pulse(
        stops.view().offset(),
        slots.total(),
        inFlight.running(),
        queue.size(),
        owned.held(),
        owned.find(leader) != null,
        state);
  }

  // --- hear

  // What waits after a turn's claims waits for an attempt to end.
  private Duration waitForSlot() {
    return queue.size() > 0 ? WAIT_SLOT : Duration.ZERO;
  }

  private void hear(Duration wait) {
    List<Message> messages = mailbox.take(wait);
    long now = time.nanos(); // For all: to ask the clock takes longer than to hear one.
    for (Message message : messages) {
      switch (message) {
        case Message.HandlerEnded ended -> handlerEnded(ended.attempt(), now);
        case Message.NotBegun not -> notBegun(not.attempt());
        case Message.AttemptEnded ended -> ended(ended.finished(), now);
        case Message.Drain order -> drain(order.grace());
        case Message.HandBackNow order -> drain(Duration.ZERO);
        case Message.Quiet order -> quiet = order.on();
      }
    }
  }

  private void handlerEnded(AttemptKey key, long now) {
    Attempt attempt = owned.attempt(key);
    if (attempt == null) {
      inFlight.endedLate(key);
    } else {
      inFlight.handlerEnded(attempt, now);
    }
  }

  private void notBegun(AttemptKey key) {
    Attempt attempt = owned.attempt(key);
    if (attempt == null) {
      inFlight.endedLate(key);
      return;
    }
    // For the loop the flag may have ended, if the clock was set back since.
    flagsInDoubt |= !queue.isStopped(attempt.waiting());
    Waiting waiting = inFlight.notBegun(attempt);
    if (!drain.stopping() && !owned.isGoing(waiting.partition())) {
      intake.waitsAgain(waiting);
    }
  }

  private void ended(Finished finished, long now) {
    Attempt attempt = owned.attempt(finished.key());
    if (attempt == null) {
      inFlight.endedLate(finished.key());
    } else {
      inFlight.ended(attempt, finished, now);
      reading.touched(attempt.waiting().partition());
    }
  }

  // --- read

  // Reads the flags. Looked at in each turn, and again right before handlers start.
  private void heed() {
    ControlView view = control.view();
    Instant now = time.wall();
    if (!flagsInDoubt && !stops.outdated(view, now)) {
      stops = stops.with(view);
    } else {
      flagsInDoubt = false;
      stops = new Stops(view, now);
      slots.total(view.concurrencyOf(settings.worker()).orElse(settings.slots()));
      queue.stop(stops);
      intake.stop(stops, owned.all());
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
    reading.balance(owned.all().size());
    List<ConsumerRecord<byte[], byte[]>> records = log.poll(pollWait(), owned);
    @Nullable Partition partition = null;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      // Most stand behind one of the same partition.
      if (partition == null || !partition.isOf(record)) {
        partition = owned.find(new TopicPartition(record.topic(), record.partition()));
      }
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
    inFlight.start(intake::waitsAgain);
  }

  /// What goes on while partitions are taken away.
  private final class Turn implements Owned.Turn {
    @Override
    public void hear(Duration wait) {
      WorkerLoop.this.hear(wait);
    }

    @Override
    public void write() {
      WorkerLoop.this.write(false);
    }

    @Override
    public Stops stops() {
      return stops;
    }

    @Override
    public boolean over() {
      return drain.over(time.nanos());
    }
  }

  // --- drain

  private void drain(Duration grace) {
    boolean first = !drain.stopping();
    drain = drain.ordered(grace, settings.closeReserve(), time.nanos());
    if (first) {
      attempts.drain();
      intake.close(owned.all());
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
      events.accept(new WorkerEvent.Stopped(drain.handedBack(), scribe.idle()));
    }
    return drain.phase() == Drain.Phase.STOPPED;
  }

  private int handBack() {
    int given = 0;
    for (Partition partition : owned.all()) {
      given += inFlight.handBack(partition);
    }
    return given;
  }
}
