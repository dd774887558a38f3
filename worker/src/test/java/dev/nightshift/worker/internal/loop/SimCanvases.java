package dev.nightshift.worker.internal.loop;

import static dev.nightshift.worker.internal.loop.SimPromises.check;

import dev.nightshift.common.Breaker;
import dev.nightshift.common.BreakerStep;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.ControlViewBuilder;
import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import dev.nightshift.common.Scope;
import dev.nightshift.worker.internal.log.MemoryCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// The control log of a simulated fleet: what it says now, and what a worker has heard of it.
///
/// `a` and `b` are always there. `c` is deleted and created again. `d` and `dd` share a topic; `dd`
/// is created some time after `d`, and sometimes deleted later, and then created with its own. In
/// some runs a queue of `b` is limited, time and again to another number.
final class SimCanvases {
  static final String LIMITED_CANVAS = "b";
  static final String LIMITED_QUEUE = "work";

  private static final String SHARED = "events.shared.d";

  private final MemoryCluster cluster;
  private final Random random;
  private ControlView view = ControlView.EMPTY;
  private final Set<String> names = new HashSet<>();
  private int limitMax;
  private int flags;

  SimCanvases(MemoryCluster cluster, Random random) {
    this.cluster = cluster;
    this.random = random;
    for (String name : List.of("a", "b", "c")) {
      create(name, 1, "events." + name);
    }
    createTopic(SHARED, 1 + random.nextInt(3));
    share("d");
    if (random.nextBoolean()) {
      limitMax = 1;
      changeLimit();
    }
  }

  /// Changes the limit, if there is one.
  void changeLimit() {
    if (limitMax > 0) {
      int limit = 1 + random.nextInt(5);
      limitMax = Math.max(limitMax, limit);
      view = view.builder().put(limit(limit)).build();
    }
  }

  private static Limit limit(int concurrency) {
    return new Limit(
        LIMITED_CANVAS,
        1,
        LIMITED_QUEUE,
        Optional.of(concurrency),
        Optional.empty(),
        Optional.empty());
  }

  /// The highest limit that there was; empty if none is set.
  OptionalInt limitMax() {
    return limitMax > 0 ? OptionalInt.of(limitMax) : OptionalInt.empty();
  }

  ControlView view() {
    return view;
  }

  /// The newest generation, as an emitter sees it that has just looked.
  Canvas newest(String name) {
    return view.canvas(name).orElseThrow();
  }

  /// A canvas to emit to: of a deleted one too, as by an emitter that has not heard.
  Canvas any() {
    List<String> names = List.of("a", "a", "b", "b", "c", "c", "d", "dd");
    String name = names.get(random.nextInt(names.size()));
    return view.canvas(name).orElse(newest("d"));
  }

  /// Deletes `c`, or creates it again; creates or deletes `dd`.
  void change() {
    Optional<Canvas> dd = view.canvas("dd");
    if (dd.isEmpty() && random.nextBoolean()) {
      share("dd");
      return;
    }
    if (dd.isPresent() && random.nextInt(4) == 0) {
      if (!dd.get().deleted()) {
        view = view.with(dd.get().deleted(false));
      } else if (dd.get().shared()) {
        create("dd", 2, "events.dd.2");
      }
      return;
    }
    Canvas c = newest("c");
    if (c.deleted()) {
      create("c", c.generation() + 1, "events.c." + (c.generation() + 1));
    } else {
      view =
          view.with(
              new Canvas("c", c.generation(), c.topic(), SimEvent.TOPICS.workersGroup(), true));
    }
  }

  /// Sets a flag on a queue, a canvas or all, or lifts one; some end by themselves.
  void flip(Instant now) {
    List<Flag> set = view.flags().all();
    if (set.size() > 2 || (!set.isEmpty() && random.nextBoolean())) {
      view = view.without(set.get(random.nextInt(set.size())).key());
      return;
    }
    Canvas canvas = newest(List.of("a", "b", "c", "d").get(random.nextInt(4)));
    if (canvas.name().equals("d") && random.nextBoolean()) {
      canvas = view.canvas("dd").filter(dd -> !dd.deleted()).orElse(canvas);
    }
    Scope scope =
        switch (random.nextInt(6)) {
          case 0 -> Scope.all();
          case 1, 2 -> Scope.canvas(canvas.name());
          default ->
              Scope.queue(canvas.name(), List.of("work", "some", "limited").get(random.nextInt(3)));
        };
    Optional<Instant> until =
        random.nextBoolean()
            ? Optional.of(now.plusMillis(random.nextInt(20_000)))
            : Optional.empty();
    FlagKind kind = random.nextBoolean() ? FlagKind.PAUSE : FlagKind.BLOCK;
    int generation = scope.canvas().isEmpty() ? 0 : canvas.generation();
    view =
        view.builder()
            .put(new Flag("f" + flags++, kind, scope, generation, "sim", "", now, until))
            .build();
  }

  /// A worker asks for a lane, which is there a little later, or not this time.
  void want(Canvas canvas, String queue) {
    Lane lane =
        new Lane(
            canvas.name(),
            canvas.generation(),
            queue,
            SimEvent.TOPICS.lane(canvas.name(), canvas.generation(), queue),
            2);
    boolean known = view.lane(canvas, queue).isPresent();
    if (known || random.nextInt(5) > 0 || isGone(canvas)) {
      return;
    }
    if (!cluster.topics().containsKey(lane.topic())) {
      createTopic(lane.topic(), lane.partitions());
    }
    if (random.nextBoolean()) {
      view = view.builder().put(lane).build();
    }
  }

  // Who makes a lane looks first; before a canvas is gone its lanes are no harm.
  private boolean isGone(Canvas canvas) {
    return view.canvas(canvas.name(), canvas.generation()).map(Canvas::gone).orElse(true);
  }

  private void createTopic(String name, int partitions) {
    check(names.add(name), "the name " + name + " is used a second time");
    cluster.createTopic(name, partitions);
  }

  /// Somebody writes a canvas's record.
  void put(Canvas canvas) {
    view = view.builder().put(canvas).build();
  }

  /// Takes away what is said of the queues of a canvas whose topics are deleted.
  void forget(Canvas canvas) {
    ControlViewBuilder next = view.builder();
    view.lanes().stream()
        .filter(
            lane -> lane.canvas().equals(canvas.name()) && lane.generation() == canvas.generation())
        .forEach(lane -> next.remove(lane.key()));
    view = next.build();
  }

  /// The topics of deleted canvases, and the lanes, that are there.
  Set<String> leftovers() {
    Set<String> left = new TreeSet<>();
    view.deletedCanvases().forEach(canvas -> left.addAll(view.topics(canvas)));
    left.retainAll(cluster.topics().keySet());
    return left;
  }

  /// A queue's breaker does something.
  void step(BreakerStep step) {
    view = step.after(view);
  }

  /// Lifts all flags that no breaker has set.
  void liftHumans() {
    ControlViewBuilder next = view.builder();
    view.flags().all().stream()
        .filter(flag -> flag.actor().equals("sim"))
        .forEach(flag -> next.remove(flag.key()));
    view = next.build();
  }

  /// Lifts all flags.
  void liftAll() {
    ControlViewBuilder next = view.builder();
    view.flags().all().forEach(flag -> next.remove(flag.key()));
    view = next.build();
  }

  /// Whether events of that topic, with that claim, are of a canvas that was deleted or never was.
  boolean deleted(String topic, Optional<String> claimed) {
    return view.canvasOf(topic, claimed).map(Canvas::deleted).orElse(true);
  }

  private void create(String name, int generation, String topic) {
    createTopic(topic, 1 + random.nextInt(3));
    view =
        view.builder()
            .put(new Canvas(name, generation, topic, SimEvent.TOPICS.workersGroup(), false))
            .put(shortBlocks(name, generation))
            .build();
  }

  private void share(String name) {
    String group = SimEvent.TOPICS.workersGroup();
    view =
        view.builder()
            .put(new Canvas(name, 1, SHARED, group, false))
            .put(shortBlocks(name, 1))
            .build();
  }

  // All must come to rest within an hour, however many of its events kill their workers.
  private static Breaker shortBlocks(String canvas, int generation) {
    return new Breaker(
        canvas, generation, "work", true, 3, Duration.ofMinutes(10), Duration.ofSeconds(1));
  }

  /// One worker's view of it, which lags behind.
  final class Reader implements Control {
    private final InstantSource now;
    private ControlView heard = view;
    private Instant asOf;
    private long asked;
    private long answered;
    private final Map<Canvas, Instant> heardGone = new HashMap<>();

    Reader(InstantSource now) {
      this.now = now;
      this.asOf = now.instant();
    }

    /// Reads on, now and then; soon if it was asked to.
    ///
    /// @param oneIn how often if it was not
    void step(int oneIn) {
      boolean wanted = asked > answered;
      if (random.nextInt(wanted ? Math.min(oneIn, 3) : oneIn) == 0) {
        heard = view;
        asOf = now.instant();
        answered = asked;
      }
    }

    /// It has heard everything that was there then.
    Instant asOf() {
      return asOf;
    }

    /// How long ago it heard that there is no such canvas any more; nothing if it has not.
    Duration goneFor(Canvas canvas) {
      boolean gone = !heard.canvas(canvas.name()).equals(Optional.of(canvas));
      Instant since = gone ? heardGone.computeIfAbsent(canvas, c -> asOf) : now.instant();
      return Duration.between(since, now.instant());
    }

    @Override
    public ControlView view() {
      return heard;
    }

    @Override
    public long refresh() {
      return ++asked;
    }

    @Override
    public long answered() {
      return answered;
    }

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }
  }
}
