package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.log.Faults;
import dev.nightshift.worker.internal.log.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/// What all parts of a simulated fleet share: time, chance, the cluster, the workers; and what goes
/// wrong in the midst of a worker's turn.
final class SimWorld {
  private static final int WORKERS_MAX = 4;
  private static final Duration FREEZE_STEP = Duration.ofMillis(60);

  final Random random;

  /// Chance for what becomes of deleted canvases alone.
  final Random removals;

  /// Chance for what the breakers do alone.
  final Random breaks;

  final SimPlan plan;
  final SimClock clock = new SimClock();
  final MemoryCluster cluster;
  final SimCanvases canvases;
  final SimPeers peers;
  final SimPromises promises;
  final SimTrims trims;
  final List<SimWorker> workers = new ArrayList<>();

  /// Whether trouble is over for now.
  boolean calm;

  /// Whether new workers may have the handler that only some have.
  boolean someHandle = true;

  /// Until when the events that do so kill their workers.
  Instant poisonUntil = Instant.MAX;

  private final boolean told;
  private int workersMade;
  private boolean elsewhere;

  SimWorld(long seed, boolean told, Function<Random, SimPlan> life) {
    this.told = told;
    this.random = new Random(seed);
    this.removals = new Random(seed);
    this.breaks = new Random(seed);
    this.plan = life.apply(random);
    this.cluster =
        new MemoryCluster(
            clock,
            new MemoryCluster.Limits(
                Duration.ofSeconds(6),
                Duration.ofMinutes(5),
                Duration.ofSeconds(10),
                plan.pollRecordsMax(),
                SimEvent.RECORD_BYTES_MAX));
    cluster.createTopic(SimEvent.TRACES, 1);
    cluster.createTopic(SimEvent.DEAD, 1);
    cluster.createTopic(SimEvent.RETRY, 8);
    this.canvases = new SimCanvases(cluster, random);
    this.peers = new SimPeers(random, clock);
    this.promises = new SimPromises(cluster, canvases);
    this.trims = new SimTrims(this, new Random(seed));
    cluster.faults(this::fault);
  }

  /// Says what happened, if anybody listens.
  void tell(String who, Object what) {
    if (told) {
      System.out.println(clock.passed() + " " + who + " " + what);
    }
  }

  int workersMade() {
    return workersMade;
  }

  void join() {
    if (workers.size() < WORKERS_MAX) {
      workers.add(new SimWorker(this, "w" + workersMade++));
    }
  }

  /// Lets each worker have a turn, or most of them.
  void turn() {
    workers.removeIf(SimWorker::gone);
    if (workers.isEmpty()) {
      join();
    }
    for (SimWorker worker : List.copyOf(workers)) {
      if (calm || random.nextInt(3) > 0) {
        worker.turn();
      }
    }
    trims.step();
  }

  /// Time passes in the midst of one worker's turn; the others go on.
  void pass(Duration time) {
    clock.pass(time);
    if (!elsewhere) {
      elsewhere = true;
      for (SimWorker worker : List.copyOf(workers)) {
        if (!worker.turning() && random.nextInt(3) == 0) {
          worker.turn();
        }
      }
      elsewhere = false;
    }
  }

  /// Perhaps the process stands still right here, as in a long garbage collection or a suspended
  /// virtual machine: others may take over what it has.
  ///
  /// @param oneIn how rarely
  void perhapsFreeze(String worker, int oneIn) {
    if (calm || !plan.rough() || elsewhere || random.nextInt(oneIn) > 0) {
      return;
    }
    Duration time = Duration.ofMillis(random.nextInt(15_000));
    tell(worker, "freezes in the midst of a turn for " + time);
    cluster.freeze(worker);
    Instant until = clock.instant().plus(time);
    while (clock.instant().isBefore(until)) {
      pass(FREEZE_STEP);
    }
    cluster.thaw(worker);
  }

  /// Whether the broker refuses a plain commit for no good reason.
  boolean refusesCommit() {
    return !calm && random.nextInt(20_000) < plan.trouble();
  }

  /// When a step of a transaction that is sent now reaches the brokers: mostly at once, but they
  /// may be slow.
  Instant arrival() {
    Instant now = clock.instant();
    return calm || random.nextInt(300) >= plan.trouble()
        ? now
        : now.plusMillis(random.nextInt(12_000));
  }

  private Faults.Fault fault(String who, Faults.Step step) {
    boolean emitter = who.equals(MemoryCluster.EMITTER);
    if (!emitter && step != Faults.Step.REVOKE) {
      perhapsFreeze(who, 3_000);
    }
    if (calm || random.nextInt(1_000) >= plan.trouble()) {
      return Faults.Fault.PROCEED;
    }
    if (emitter) {
      return random.nextBoolean() ? Faults.Fault.LOSE_ANSWER : Faults.Fault.REFUSE;
    }
    int choice = random.nextInt(60);
    if (choice < 2) {
      return choice == 0 ? Faults.Fault.CRASH_BEFORE : Faults.Fault.CRASH_AFTER;
    }
    return List.of(Faults.Fault.LOSE_ANSWER, Faults.Fault.LOSE_REQUEST, Faults.Fault.REFUSE)
        .get(choice % 3);
  }
}
