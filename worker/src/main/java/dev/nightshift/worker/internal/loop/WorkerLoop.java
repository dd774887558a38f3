package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.EventLog;
import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

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

  private final LoopSettings settings;
  private final LoopTime time;
  private final EventLog log;
  private final Control control;
  private final Attempts attempts;
  private final Mailbox mailbox;
  private final Consumer<WorkerEvent> events;

  private final Slots slots;
  private final RunQueue queue;
  private final Scribe scribe;
  private final Intake intake;
  private final TimeLimits limits;
  private final Map<TopicPartition, Partition> partitions = new HashMap<>();
  private final Deque<Attempt> claimed = new ArrayDeque<>();
  // Attempts that were given up but whose threads have not ended: they still take slots.
  private final Map<AttemptKey, Waiting> strays = new HashMap<>();

  private Set<String> topics = Set.of();
  private long viewVersion = -1;
  private long assignments;
  private int running;
  private boolean quiet;
  private Drain drain = Drain.NO;

  /// What a loop works with; see the fields of the same names.
  public record Parts(
      EventLog log,
      Control control,
      Attempts attempts,
      Mailbox mailbox,
      EndTraces traces,
      Consumer<WorkerEvent> events) {}

  /// A loop that has not begun; it subscribes at its first turn.
  ///
  /// @param deadTopic where dead events go
  public WorkerLoop(LoopSettings settings, String deadTopic, LoopTime time, Parts parts) {
    this.settings = settings;
    this.time = time;
    this.log = parts.log();
    this.control = parts.control();
    this.attempts = parts.attempts();
    this.mailbox = parts.mailbox();
    this.events = parts.events();
    this.slots = new Slots(settings.slots());
    this.queue = new RunQueue(slots);
    this.limits = new TimeLimits(attempts, events);
    Endings endings = new Endings(settings, deadTopic, parts.traces());
    this.scribe = new Scribe(log, settings, endings, time, events);
    this.intake =
        new Intake(
            settings,
            time,
            new Intake.Parts(log, control, attempts, queue, scribe, endings, events));
  }

  /// Turns until the worker was told to stop and has.
  ///
  /// @return how many attempts were handed back, charged
  public int run() {
    while (tick()) {
      // Each turn waits by itself when there is nothing to do.
    }
    return drain.handedBack();
  }

  /// One turn.
  ///
  /// @return whether there will be another
  public boolean tick() {
    hear(waitForSlot());
    subscribe();
    read();
    claim();
    write(false);
    limits.check(time.nanos());
    return !left();
  }

  /// What it has in hand.
  Load load() {
    return new Load(
        running,
        claimed.size(),
        strays.size(),
        slots.used(),
        partitions.values().stream().mapToInt(Partition::waiting).sum(),
        partitions.values().stream().mapToLong(Partition::waitingBytes).sum(),
        !scribe.idle());
  }

  // --- hear

  // What waits after a turn's claims waits for an attempt to end.
  private Duration waitForSlot() {
    return queue.size() > 0 ? WAIT_SLOT : Duration.ZERO;
  }

  private void hear(Duration wait) {
    for (Message message : mailbox.take(wait)) {
      switch (message) {
        case Message.AttemptEnded ended -> ended(ended.finished());
        case Message.Drain order -> drain(order.grace());
        case Message.HandBackNow now -> drain(Duration.ZERO);
        case Message.Quiet order -> quiet = order.on();
      }
    }
  }

  private void ended(Finished finished) {
    AttemptKey key = finished.key();
    Partition partition = partitions.get(key.partition());
    boolean ours = partition != null && partition.assignment() == key.assignment();
    Attempt attempt = partition != null && ours ? partition.attempt(key.offset()) : null;
    if (partition == null || attempt == null) {
      Waiting stray = strays.remove(key);
      if (stray != null) {
        queue.ended(stray);
      }
      return;
    }
    running--;
    queue.ended(attempt.waiting());
    limits.ended(key);
    var event = attempt.waiting().event();
    events.accept(
        new WorkerEvent.Ended(
            attempt.waiting().canvas().name(),
            event.queue(),
            event.id(),
            event.attempt(),
            finished.outcome().label()));
    if (finished.records().isEmpty()) {
      partition.complete(key.offset(), time.nanos());
      scribe.touched(partition);
    } else {
      attempt.settling();
      String canvas = attempt.waiting().canvas().name();
      scribe.move(new Move(partition, event.record(), canvas, finished.records()));
    }
    intake.touched(partition);
  }

  // --- read

  private void subscribe() {
    long version = control.view().version();
    if (version == viewVersion) {
      return;
    }
    viewVersion = version;
    intake.dropDeleted();
    Set<String> wanted = new TreeSet<>(control.view().topics(settings.group()));
    wanted.add(settings.retryTopic());
    if (!wanted.equals(topics)) {
      topics = wanted;
      log.subscribe(wanted);
    }
  }

  private void read() {
    intake.decide();
    intake.balance(partitions.size());
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
    if (!claimed.isEmpty()) {
      return settings.claimInterval();
    }
    if (running > 0 || !scribe.idle() || drain.stopping()) {
      return WAIT_RUNNING;
    }
    Optional<Duration> due =
        intake.nextDue().map(at -> Duration.between(time.wall(), at).plusMillis(1));
    return due.filter(wait -> wait.compareTo(WAIT_IDLE) < 0)
        .map(wait -> wait.isNegative() ? Duration.ZERO : wait)
        .orElse(WAIT_IDLE);
  }

  // --- claim and write

  private void claim() {
    if (drain.stopping() || quiet) {
      return;
    }
    long now = time.nanos();
    for (Optional<Waiting> next = queue.take(now); next.isPresent(); next = queue.take(now)) {
      Waiting waiting = next.get();
      Partition partition = waiting.partition();
      partition.waitsNoMore(waiting);
      claimed.addLast(partition.claim(waiting, now));
      running++;
      scribe.touched(partition);
      intake.touched(partition);
    }
  }

  private void write(boolean all) {
    scribe.write(!claimed.isEmpty(), all);
    start();
  }

  // Also after a write that another step made: a last one of a partition that went, or one that was
  // found to have happened.
  private void start() {
    long age = time.nanos() - scribe.lastSentNanos();
    boolean late = age > settings.sessionTimeout().toNanos();
    for (int left = claimed.size(); left > 0; left--) {
      Attempt attempt = claimed.removeFirst();
      Partition partition = attempt.waiting().partition();
      if (!partition.holds(attempt)) {
        claimed.addLast(attempt);
      } else if (late) {
        partition.doubt(time.nanos());
        scribe.touched(partition);
        claimed.addLast(attempt);
      } else {
        start(attempt);
      }
    }
  }

  private void start(Attempt attempt) {
    attempt.started();
    Waiting waiting = attempt.waiting();
    var event = waiting.event();
    limits.started(attempt, time.nanos());
    attempts.start(new AttemptSpec(attempt.key(), waiting.canvas(), event));
    events.accept(
        new WorkerEvent.Started(
            waiting.canvas().name(),
            event.queue(),
            event.id(),
            event.attempt(),
            Duration.between(event.emittedAt(), time.wall())));
  }

  // --- partitions come and go

  private final class Changes implements EventLog.Assignments {
    @Override
    public void assigned(Map<TopicPartition, EventLog.Assigned> assigned) {
      assigned.forEach((id, what) -> {
        boolean trusted = id.topic().equals(settings.retryTopic());
        Partition partition =
            Opening.open(new Opening.Found(id, ++assignments, trusted, what), time.nanos(), events);
        partitions.put(id, partition);
        if (partition.position() != what.committed().map(c -> c.base()).orElse(what.logStart())) {
          log.seek(id, partition.position());
        }
        scribe.touched(partition);
        intake.touched(partition);
      });
    }

    @Override
    public void revoked(Collection<TopicPartition> ids) {
      Set<Partition> going = take(ids);
      going.forEach(partition -> release(partition, Attempt.Phase.CLAIMED));
      letFinish(going);
      for (Partition partition : going) {
        int given = release(partition, Attempt.Phase.RUNNING);
        events.accept(
            new WorkerEvent.Revoked(partition.id().topic(), partition.id().partition(), given));
      }
      scribe.finish(going);
      forget(going);
    }

    private int release(Partition partition, Attempt.Phase phase) {
      int released = 0;
      for (Attempt attempt : partition.attempts()) {
        if (attempt.phase() == phase) {
          giveUp(attempt);
          WorkerLoop.this.release(attempt);
          released++;
        }
      }
      return released;
    }

    @Override
    public void lost(Collection<TopicPartition> ids) {
      Set<Partition> gone = take(ids);
      for (Partition partition : gone) {
        List<Attempt> were = partition.attempts();
        were.stream()
            .filter(a -> a.phase() != Attempt.Phase.SETTLING)
            .forEach(WorkerLoop.this::giveUp);
        events.accept(
            new WorkerEvent.Lost(partition.id().topic(), partition.id().partition(), were.size()));
      }
      forget(gone);
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
    while (time.nanos() - until < 0 && (runs(going) || scribe.hasMoves(going))) {
      hear(WAIT_RUNNING);
      write(false);
    }
  }

  private static boolean runs(Set<Partition> partitions) {
    return partitions.stream()
        .flatMap(partition -> partition.attempts().stream())
        .anyMatch(attempt -> attempt.phase() == Attempt.Phase.RUNNING);
  }

  // An attempt that ran is interrupted and keeps its slot until its thread has ended.
  private void giveUp(Attempt attempt) {
    running--;
    limits.ended(attempt.key());
    if (attempt.phase() == Attempt.Phase.RUNNING) {
      strays.put(attempt.key(), attempt.waiting());
      attempts.interrupt(attempt.key(), Interruption.HAND_BACK);
    } else {
      claimed.remove(attempt);
      queue.ended(attempt.waiting());
    }
  }

  // --- drain

  private void drain(Duration grace) {
    Drain order = Drain.within(grace, settings.closeReserve(), time.nanos());
    if (drain.stopping()) {
      drain = drain.notAfter(order);
      return;
    }
    drain = order;
    attempts.drain();
    intake.close(partitions.values());
    for (Attempt attempt : List.copyOf(claimed)) {
      giveUp(attempt);
      release(attempt);
    }
    events.accept(new WorkerEvent.Draining(running, time.wall().plus(grace)));
  }

  private void release(Attempt attempt) {
    Partition partition = attempt.waiting().partition();
    partition.release(attempt, time.nanos());
    scribe.touched(partition);
  }

  // Whether the loop is over. Called at the end of each turn.
  private boolean left() {
    if (drain.phase() == Drain.Phase.DRAINING
        && (running == 0 || time.nanos() - drain.until() >= 0)) {
      drain = drain.to(Drain.Phase.LEAVING, handBack());
      write(true);
    }
    if (drain.phase() == Drain.Phase.LEAVING
        && (scribe.idle() || time.nanos() - drain.end() >= 0)) {
      drain = drain.to(Drain.Phase.STOPPED, drain.handedBack());
      log.close();
      attempts.close();
      events.accept(new WorkerEvent.Stopped(drain.handedBack()));
    }
    return drain.phase() == Drain.Phase.STOPPED;
  }

  private int handBack() {
    int given = 0;
    for (Partition partition : partitions.values()) {
      for (Attempt attempt : partition.attempts()) {
        if (attempt.phase() == Attempt.Phase.RUNNING) {
          giveUp(attempt);
          partition.handBack(attempt, time.nanos());
          scribe.touched(partition);
          given++;
        }
      }
    }
    return given;
  }
}
