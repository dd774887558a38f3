package dev.nightshift.worker.internal.loop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.Scope;
import dev.nightshift.worker.internal.log.CrashError;
import dev.nightshift.worker.internal.log.Faults;
import dev.nightshift.worker.internal.log.Faults.Fault;
import dev.nightshift.worker.internal.log.MemoryCluster;
import dev.nightshift.worker.internal.log.MemoryLog;
import dev.nightshift.worker.internal.run.AttemptSpec;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// A paused queue of a few events on a Kafka in memory, and worker loops that move them to its
/// lane, until one of their effects fails as it was told to. When a worker dies another comes.
final class LaneMoveWorld {
  static final int EVENTS = 7;
  static final Lane LANE = new Lane("a", 1, "work", SimEvent.TOPICS.lane("a", 1, "work"), 2);
  static final String MAKE_TOPIC = "MAKE_TOPIC";
  static final String WRITE_RECORD = "WRITE_RECORD";

  private static final Canvas CANVAS =
      new Canvas("a", 1, "events.a", SimEvent.TOPICS.workersGroup(), false);
  private static final int PARTITIONS = 2;
  private static final int TURNS_MAX = 10_000;

  private final SimClock clock = new SimClock();
  private final MemoryCluster cluster = new MemoryCluster(clock);
  private final Map<String, List<String>> effects = new HashMap<>();
  private final Map<String, List<String>> moved = new HashMap<>();
  private final List<String> starts = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private ControlView view = ControlView.EMPTY.with(CANVAS);
  private List<String> victims = List.of();
  private int failsAt;
  private Fault fault = Fault.PROCEED;
  private int made;

  private LaneMoveWorld() {
    cluster.createTopic(SimEvent.TRACES, 1);
    cluster.createTopic(SimEvent.DEAD, 1);
    cluster.createTopic(SimEvent.RETRY, 1);
    cluster.createTopic(CANVAS.topic(), PARTITIONS);
    for (int i = 0; i < EVENTS; i++) {
      byte[] id = id(i).getBytes(UTF_8);
      var record = new ProducerRecord<>(CANVAS.topic(), i % PARTITIONS, null, id, id);
      record.headers().add(EventHeaders.ID, id);
      record.headers().add(EventHeaders.TYPE, LANE.queue().getBytes(UTF_8));
      cluster.produce(record);
    }
    Scope queue = Scope.queue(CANVAS.name(), LANE.queue());
    Instant now = clock.instant();
    view =
        view.builder()
            .put(new Flag("f", FlagKind.PAUSE, queue, 1, "test", "", now, Optional.empty()))
            .build();
    cluster.faults(this::faultAt);
  }

  static String id(int event) {
    return "q" + event;
  }

  /// With one worker.
  static LaneMoveWorld alone() {
    LaneMoveWorld world = new LaneMoveWorld();
    world.join();
    return world;
  }

  /// With two.
  static LaneMoveWorld ofTwo() {
    LaneMoveWorld world = alone();
    world.join();
    return world;
  }

  /// These workers' effect of that number goes wrong.
  void fails(List<String> whose, int effect, Fault how) {
    victims = whose;
    failsAt = effect;
    fault = how;
  }

  MemoryCluster cluster() {
    return cluster;
  }

  /// What a worker did until [#moveAll] was done, in this order.
  List<String> effectsOf(String worker) {
    return moved.getOrDefault(worker, List.of());
  }

  /// Which events were started, as which attempt.
  List<String> starts() {
    return List.copyOf(starts);
  }

  List<TopicPartition> partitions() {
    List<TopicPartition> all = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      all.add(new TopicPartition(CANVAS.topic(), i));
      all.add(new TopicPartition(LANE.topic(), i));
    }
    return all;
  }

  /// Lets the workers work until what was emitted is in the lane, and somebody has the lane.
  void moveAll() {
    until(
        "all is in the lane",
        () ->
            cluster.topics().containsKey(LANE.topic())
                && cluster.read(LANE.topic()).size() == EVENTS
                && partitions().stream().allMatch(each -> cluster.owner(each).isPresent())
                && workers.stream().noneMatch(worker -> worker.loop.load().unwritten()));
    victims = List.of();
    effects.forEach((worker, all) -> moved.put(worker, List.copyOf(all)));
  }

  /// Lifts the pause.
  void resume() {
    view = view.without(Flag.key("f"));
  }

  /// Lets the workers work until nothing is left to do.
  void runAll() {
    until("all has run", () -> starts.size() >= EVENTS && atRest());
  }

  private boolean atRest() {
    return workers.stream().allMatch(worker -> worker.loop.load().equals(Load.NONE));
  }

  private void until(String what, BooleanSupplier done) {
    for (int turn = 0; turn < TURNS_MAX && !done.getAsBoolean(); turn++) {
      clock.pass(Duration.ofMillis(20));
      for (Process worker : List.copyOf(workers)) {
        turn(worker);
      }
      if (workers.isEmpty()) {
        join();
      }
    }
    assertTrue(done.getAsBoolean(), () -> "it does not come to this: " + what + "; " + state());
  }

  private String state() {
    StringBuilder state = new StringBuilder("started: " + starts);
    partitions().forEach(each -> state.append(", " + each + " " + cluster.committed(each)));
    workers.forEach(worker -> state.append(", " + worker.name + " has " + worker.loop.load()));
    return state.toString();
  }

  private void turn(Process worker) {
    try {
      worker.loop.tick();
    } catch (CrashError death) {
      cluster.kill(worker.name);
      workers.remove(worker);
    }
  }

  private void join() {
    workers.add(new Process("w" + ++made));
  }

  private Fault faultAt(String who, Faults.Step step) {
    return who.equals(MemoryCluster.EMITTER) ? Fault.PROCEED : faultAt(who, step.name());
  }

  private Fault faultAt(String who, String effect) {
    List<String> all = effects.computeIfAbsent(who, name -> new ArrayList<>());
    all.add(effect);
    boolean hit = victims.contains(who) && all.size() - 1 == failsAt;
    return hit ? fault : Fault.PROCEED;
  }

  /// One worker, whose handlers end at once.
  private final class Process extends FakeWorker {
    private final String name;

    Process(String name) {
      super(settings(name), clock, new MemoryLog(cluster, name));
      this.name = name;
    }

    @Override
    public ControlView view() {
      return view;
    }

    // A lane is made in two steps, either of which may be done already.
    @Override
    public void want(Canvas canvas, String queue) {
      if (!cluster.topics().containsKey(LANE.topic())) {
        step(MAKE_TOPIC, () -> cluster.createTopic(LANE.topic(), LANE.partitions()));
      }
      if (cluster.topics().containsKey(LANE.topic()) && view.lane(canvas, queue).isEmpty()) {
        step(WRITE_RECORD, () -> view = view.builder().put(LANE).build());
      }
    }

    private void step(String what, Runnable action) {
      Fault here = faultAt(name, what);
      switch (here) {
        case PROCEED, LOSE_ANSWER -> action.run();
        case REFUSE, LOSE_REQUEST -> {
          // It is asked again.
        }
        case CRASH_BEFORE -> throw new CrashError(name, "before " + what);
        case CRASH_AFTER -> {
          action.run();
          throw new CrashError(name, "after " + what);
        }
      }
    }

    @Override
    public Running start(AttemptSpec spec) {
      starts.add(spec.event().id() + " attempt " + spec.event().attempt());
      mailbox.attemptEnded(new Finished(spec.key(), Outcome.COMPLETED, List.of()));
      return why -> {
        throw new AssertionError("nothing runs for long: " + spec.key());
      };
    }
  }

  // A transaction takes three records, so a move takes several.
  private static LoopSettings settings(String name) {
    return new LoopSettings(
        name,
        EVENTS,
        40_000,
        128_000_000,
        Duration.ofMillis(20),
        Duration.ofMillis(2),
        Duration.ofSeconds(6),
        Duration.ZERO,
        Duration.ofSeconds(1),
        3,
        4_000_000,
        4_096,
        5,
        List.of(Duration.ZERO),
        1,
        SimEvent.TOPICS);
  }
}
