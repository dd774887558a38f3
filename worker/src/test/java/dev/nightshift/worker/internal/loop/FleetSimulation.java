package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;

import dev.nightshift.common.Canvas;
import dev.nightshift.worker.internal.log.EventLog.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;

/// A fleet of worker loops over a Kafka in memory, in virtual time, from one seed. In each round
/// there is trouble first: workers crash between any two effects, freeze past their session, drain,
/// join; answers are lost, writes refused; partitions move and are added; canvases are deleted and
/// created again; what is settled is trimmed; some events are no events, are too large, hang, kill
/// their worker. Then the trouble ends and all must come to rest. What must hold is in
/// [SimPromises].
final class FleetSimulation {
  private static final int ROUNDS = 3;
  private static final int STEPS = 1_500;
  private static final int PARTITIONS_MAX = 5;
  private static final Duration REST_WITHIN = Duration.ofHours(1);
  private static final Duration POISONED_FOR = Duration.ofMinutes(5);
  private static final Duration BETWEEN_KILLERS = Duration.ofMinutes(2);

  private final SimWorld world;
  private int emitted;
  private Instant killerAt = Instant.MIN;

  /// @param told whether to print what the workers report
  FleetSimulation(long seed, boolean told) {
    this(seed, told, random -> SimPlan.of(random, seed));
  }

  private FleetSimulation(long seed, boolean told, Function<Random, SimPlan> life) {
    this.world = new SimWorld(seed, told, life);
  }

  /// One in which all events of a queue kill their workers, until some time after all other trouble
  /// has ended.
  static FleetSimulation poisoned(long seed, boolean told) {
    return new FleetSimulation(seed, told, SimPlan::poisoned);
  }

  /// Runs to the end.
  ///
  /// @return what happened, in a line
  String run() {
    world.join();
    for (int round = 0; round < ROUNDS; round++) {
      world.calm = false;
      world.poisonUntil = Instant.MAX;
      flood();
      for (int step = 0; step < STEPS; step++) {
        step();
        if (step % 300 == 0) {
          world.promises.always();
        }
      }
      rest();
      world.promises.atRest(world.plan.kind());
    }
    if (world.plan.poisoned()) {
      check(world.promises.blockedCount() > 0, "no queue was blocked by its breaker");
      check(world.promises.triedCount() > 0, "no event was tried");
    }
    return "%s, %,d events, %,d starts, %,d not begun, %d workers, %,d blocks, %,d tried, %,d s"
        .formatted(
            world.plan.kind().name().toLowerCase(java.util.Locale.ROOT),
            emitted,
            world.promises.startsCount(),
            world.promises.notBegunCount(),
            world.workersMade(),
            world.promises.blockedCount(),
            world.promises.triedCount(),
            world.clock.passed().toSeconds());
  }

  /// How many handlers were started and did not begin.
  long notBegun() {
    return world.promises.notBegunCount();
  }

  private void step() {
    world.clock.pass(Duration.ofMillis(world.random.nextInt(20)));
    switch (world.random.nextInt(400)) {
      case 0, 1, 2, 3, 4, 5, 6 -> world.join();
      case 7 -> world.cluster.rebalance();
      case 8 -> emitAborted();
      case 9 -> {
        world.canvases.change();
        world.canvases.changeLimit();
      }
      case 10 -> addPartitions();
      case 11 -> pick().quiet(world.random.nextInt(3) == 0);
      case 12 -> drain();
      case 13 -> rough();
      case 14 -> world.someHandle &= world.random.nextInt(5) > 0;
      case 15 -> emit(SimEvent.Kind.UNDECODABLE);
      case 16 -> emit(SimEvent.Kind.UNDECODABLE_HEADERS);
      case 17 -> emit(SimEvent.Kind.LARGE_CHILD);
      case 18 -> emit(SimEvent.Kind.FULL);
      case 19 -> {
        if (!world.plan.poisoned()) {
          emit(SimEvent.Kind.HANGING);
        }
      }
      case 20, 21 -> killer();
      case 22, 23, 24 -> world.canvases.flip(world.clock.instant());
      default -> {
        if (world.random.nextInt(world.plan.emitOneIn()) == 0) {
          emit(SimEvent.Kind.ORDINARY);
        }
      }
    }
    world.turn();
  }

  private void rough() {
    if (world.plan.rough()) {
      if (world.random.nextBoolean()) {
        pick().kill();
      } else {
        pick().freeze(Duration.ofMillis(world.random.nextInt(15_000)));
      }
    }
  }

  private void drain() {
    if (world.plan.kind() != SimPlan.Kind.KILLERS && !world.plan.poisoned()) {
      pick().drain(Duration.ofMillis(world.random.nextInt(20_000)));
    }
  }

  // Where nothing else goes wrong, one after the other: who suffers from one shall not from two.
  private void killer() {
    if (world.plan.poisoned()) {
      emit(SimEvent.Kind.POISON, world.canvases.newest("a"));
      return;
    }
    Instant now = world.clock.instant();
    boolean alone = now.isAfter(killerAt.plus(BETWEEN_KILLERS));
    if (world.plan.rough() || (world.plan.kind() == SimPlan.Kind.KILLERS && alone)) {
      killerAt = now;
      emit(SimEvent.Kind.KILLER);
    }
  }

  private void emit(SimEvent.Kind kind) {
    emit(kind, world.canvases.any());
  }

  private void emit(SimEvent.Kind kind, Canvas canvas) {
    String id = kind.letter + Integer.toString(emitted++);
    if (!world.cluster.topics().containsKey(canvas.topic())) {
      return; // No broker takes it.
    }
    if (world.cluster.produce(SimEvent.of(id).record(canvas)) instanceof WriteResult.Written) {
      world.promises.acknowledged(id);
    }
  }

  private void emitAborted() {
    Canvas canvas = world.canvases.any();
    if (world.cluster.topics().containsKey(canvas.topic())) {
      world.cluster.produceAborted(List.of(SimEvent.of("aborted").record(canvas)));
    }
  }

  private void flood() {
    Canvas canvas = world.canvases.newest(world.random.nextBoolean() ? "a" : "c");
    if (world.plan.flood() > 0) {
      emit(SimEvent.Kind.HANGING, canvas);
    }
    for (int i = 0; i < world.plan.flood(); i++) {
      emit(SimEvent.Kind.QUICK, canvas);
    }
  }

  private void addPartitions() {
    String topic = world.canvases.any().topic();
    int partitions = world.cluster.topics().getOrDefault(topic, PARTITIONS_MAX);
    if (partitions < PARTITIONS_MAX) {
      world.cluster.addPartitions(topic, partitions + 1);
    }
  }

  private SimWorker pick() {
    return world.workers.get(world.random.nextInt(world.workers.size()));
  }

  // No more trouble: within bounded time everything must come to an end, and nothing be left.
  private void rest() {
    world.calm = true;
    world.workers.forEach(worker -> worker.quiet(false));
    // A rolling deploy comes to its end: what no lane takes waits for that.
    world.workers.stream()
        .filter(worker -> worker.handlesSome() != world.someHandle)
        .forEach(worker -> worker.drain(Duration.ofSeconds(25)));
    if (world.plan.poisoned()) {
      world.canvases.liftHumans();
      world.poisonUntil = world.clock.instant().plus(POISONED_FOR);
    } else {
      world.canvases.liftAll();
    }
    Instant until = world.clock.instant().plus(REST_WITHIN);
    Optional<String> unrest = unrest();
    while (unrest.isPresent() && world.clock.instant().isBefore(until)) {
      for (int step = 0; step < 50; step++) {
        world.clock.pass(Duration.ofMillis(1 + world.random.nextInt(busy() ? 40 : 400)));
        world.turn();
      }
      if (!world.plan.poisoned()) {
        // However many of a queue's events kill their workers, somebody unblocks it.
        world.canvases.liftAll();
      }
      unrest = unrest();
    }
    check(unrest.isEmpty(), unrest.orElse("") + ", " + REST_WITHIN + " after all trouble ended");
  }

  private boolean busy() {
    return world.workers.stream().anyMatch(worker -> !worker.load().equals(Load.NONE));
  }

  private Optional<String> unrest() {
    for (SimWorker worker : world.workers) {
      if (!worker.load().equals(Load.NONE)) {
        return Optional.of(worker.id() + " still has " + worker.load());
      }
      if (!worker.log().paused().isEmpty()) {
        return Optional.of(worker.id() + " has paused " + worker.log().paused());
      }
    }
    boolean left = world.plan.removes() && !world.canvases.leftovers().isEmpty();
    return left
        ? Optional.of("of deleted canvases there are still " + world.canvases.leftovers())
        : world.promises.unrest();
  }
}
