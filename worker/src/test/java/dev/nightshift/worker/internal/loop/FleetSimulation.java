package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.worker.events.WorkerEvent;
import dev.nightshift.worker.internal.log.CrashError;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import dev.nightshift.worker.internal.log.Faults;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.log.MemoryLog;
import dev.nightshift.worker.internal.run.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A fleet of worker loops over a Kafka in memory, in virtual time, from one seed: workers crash
/// between any two effects, freeze past their session, drain, join; answers are lost, writes
/// refused, rebalances come at any time. What must hold is in [SimPromises].
final class FleetSimulation {
  private static final int STEPS = 6_000;
  private static final int STEPS_TO_REST = 400_000;
  private static final int WORKERS_MAX = 4;

  private final Random random;
  private final SimClock clock = new SimClock();
  private final MemoryCluster cluster = new MemoryCluster(clock);
  private final SimPromises promises = new SimPromises(cluster);
  private final List<SimWorker> workers = new ArrayList<>();
  private final int trouble;
  private ControlView view = ControlView.EMPTY;
  private int workersMade;
  private int emitted;
  private boolean calm;

  FleetSimulation(long seed) {
    this.random = new Random(seed);
    this.trouble = random.nextInt(60);
  }

  /// Runs to the end.
  ///
  /// @return what happened, in a line
  String run() {
    cluster.createTopic(SimEvent.TRACES, 1);
    cluster.createTopic(SimEvent.DEAD, 1);
    cluster.createTopic(SimEvent.RETRY, 8);
    for (String canvas : List.of("a", "b")) {
      cluster.createTopic(SimEvent.topic(canvas), 3);
      view = view.with(new Canvas(canvas, 1, SimEvent.topic(canvas), "workers", false));
    }
    cluster.faults(this::fault);
    join();
    for (int step = 0; step < STEPS; step++) {
      step();
      if (step % 100 == 0) {
        promises.always();
      }
    }
    rest();
    promises.atRest();
    return promises.acknowledgedCount()
        + " events, "
        + promises.startsCount()
        + " starts, "
        + workersMade
        + " workers, "
        + clock.passed().toSeconds()
        + " s";
  }

  private void step() {
    clock.pass(Duration.ofMillis(random.nextInt(20)));
    switch (random.nextInt(400)) {
      case 0 -> join();
      case 1 -> pick().kill();
      case 2 -> pick().freeze(Duration.ofMillis(random.nextInt(15_000)));
      case 3 -> pick().drain(Duration.ofMillis(random.nextInt(20_000)));
      case 4 -> cluster.rebalance();
      case 5 -> cluster.produceAborted(List.of(SimEvent.of("aborted").record("a")));
      default -> {
        if (random.nextInt(4) == 0) {
          emit();
        }
      }
    }
    turn();
  }

  // No more trouble: everything must come to an end.
  private void rest() {
    calm = true;
    for (int step = 0; step < STEPS_TO_REST; step++) {
      clock.pass(Duration.ofMillis(20));
      turn();
      if (step % 500 == 0 && promises.ended()) {
        return;
      }
    }
  }

  private void turn() {
    workers.removeIf(SimWorker::gone);
    if (workers.isEmpty()) {
      join();
    }
    for (SimWorker worker : List.copyOf(workers)) {
      if (calm || random.nextInt(3) > 0) {
        worker.turn();
      }
    }
  }

  private void emit() {
    String id = "e" + emitted++;
    if (cluster.produce(SimEvent.of(id).record(random.nextBoolean() ? "a" : "b"))
        instanceof WriteResult.Written) {
      promises.acknowledged(id);
    }
  }

  private SimWorker pick() {
    return workers.get(random.nextInt(workers.size()));
  }

  private void join() {
    if (workers.size() < WORKERS_MAX) {
      workers.add(new SimWorker("w" + workersMade++));
    }
  }

  private Faults.Fault fault(String who, Faults.Step step) {
    if (calm || random.nextInt(1_000) >= trouble) {
      return Faults.Fault.PROCEED;
    }
    if (who.equals(MemoryCluster.EMITTER)) {
      return random.nextBoolean() ? Faults.Fault.LOSE_ANSWER : Faults.Fault.REFUSE;
    }
    return switch (random.nextInt(20)) {
      case 0 -> Faults.Fault.CRASH_BEFORE;
      case 1 -> Faults.Fault.CRASH_AFTER;
      case 2, 3, 4, 5, 6, 7 -> Faults.Fault.LOSE_ANSWER;
      case 8, 9, 10, 11, 12 -> Faults.Fault.LOSE_REQUEST;
      default -> Faults.Fault.REFUSE;
    };
  }

  private LoopSettings settings(String worker) {
    return new LoopSettings(
        worker,
        20 + random.nextInt(100),
        500,
        1_000_000,
        Duration.ofMillis(10),
        Duration.ofMillis(2),
        Duration.ofSeconds(6),
        Duration.ZERO,
        Duration.ofSeconds(1),
        50,
        100_000,
        random.nextBoolean() ? 4_096 : 200,
        5,
        List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)),
        8,
        SimEvent.RETRY,
        "workers");
  }

  /// One worker process.
  private final class SimWorker implements Control, EndTraces {
    private final String id;
    private final SimAttempts attempts;
    private final Mailbox mailbox;
    private final WorkerLoop loop;
    private Instant frozenUntil = Instant.MIN;
    private boolean frozen;
    private boolean gone;

    SimWorker(String id) {
      this.id = id;
      this.attempts = new SimAttempts(id, cluster, clock, promises);
      LoopSettings settings = settings(id);
      this.mailbox = Mailbox.stepped(settings.slots());
      this.loop =
          new WorkerLoop(
              settings,
              SimEvent.DEAD,
              clock.time(),
              new WorkerLoop.Parts(
                  new MemoryLog(cluster, id), this, attempts, mailbox, this, this::reported));
    }

    boolean gone() {
      return gone;
    }

    void kill() {
      cluster.kill(id);
      gone = true;
    }

    void freeze(Duration time) {
      if (!frozen && !gone) {
        cluster.freeze(id);
        frozen = true;
        frozenUntil = clock.instant().plus(time);
      }
    }

    void drain(Duration grace) {
      mailbox.order(new Message.Drain(grace));
    }

    void turn() {
      if (frozen && clock.instant().isBefore(frozenUntil)) {
        return;
      }
      if (frozen) {
        frozen = false;
        cluster.thaw(id);
      }
      try {
        attempts.step(mailbox);
        gone = !loop.tick();
      } catch (CrashError crash) {
        kill();
      }
    }

    private void reported(WorkerEvent event) {
      if (event instanceof WorkerEvent.LedgerDiscarded discarded) {
        throw new AssertionError("a ledger of our own was thrown away: " + discarded);
      }
    }

    @Override
    public ControlView view() {
      return view;
    }

    @Override
    public Instant freshAsOf() {
      return clock.instant();
    }

    @Override
    public void refresh() {
      // Always fresh.
    }

    @Override
    public ProducerRecord<byte[], byte[]> trace(
        EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
      return SimEvent.trace(event, canvas, outcome);
    }

    @Override
    public ProducerRecord<byte[], byte[]> undecodable(
        ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
      throw new AssertionError("an event of the simulation is undecodable: " + reason);
    }
  }
}
