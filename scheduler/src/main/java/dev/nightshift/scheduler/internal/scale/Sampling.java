package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Lane;
import dev.nightshift.common.Limit;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.Standing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Makes loads of what is seen from one look to the next. Remembers the last looks, to tell how
/// long something has waited: an offset that was in the log then. Owned by one thread. Pure: no
/// clock, no I/O.
final class Sampling {
  /// How long something has waited is known up to so many looks, a minute in all, however often it
  /// is looked.
  private static final int LOOKS_MAX = 13;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  /// A queue this near to its limit of handlers at once is held up by it.
  private static final double AT_LIMIT = 0.9;

  /// The delays of lost attempts that are repeated at once belong to these partitions of the retry
  /// topic: each so many-th, from the first. Workers that are told other delays may have fewer
  /// tiers, which no topic says: some of what may start then counts as what comes later, which
  /// keeps a worker but asks for no more.
  private static final int RETRY_TIERS = 4;

  private final TopicPlan plan;
  // Those that tell how old something is.
  private final Deque<Snapshot> looks = new ArrayDeque<>();
  private @Nullable Snapshot last;

  /// What was seen.
  ///
  /// @param canvases those whose events may start
  record Sample(Load load, List<CanvasLoad> canvases) {
    Sample {
      canvases = List.copyOf(canvases);
    }
  }

  /// What the events of a topic wait for.
  private enum Kind {
    RUNNABLE,
    LIMITED,
    STOPPED,
    LATER
  }

  /// What there is of a topic. For the thread that adds it up.
  private static final class Topic {
    long waiting;
    long claimed;
    long came;
    long settled;
    int partitions;
    int busy;
    Duration oldest = Duration.ZERO;
  }

  Sampling(TopicPlan plan) {
    this.plan = plan;
  }

  /// Forgets what was seen: others have looked since.
  void restart() {
    looks.clear();
    last = null;
  }

  /// Looks again.
  ///
  /// @return empty for the first look: nothing can be said of how fast anything goes
  Optional<Sample> next(Snapshot now) {
    Snapshot before = last;
    last = now;
    Snapshot kept = looks.peekLast();
    if (kept == null || now.nanos() - kept.nanos() >= BETWEEN_LOOKS.toNanos()) {
      looks.addLast(now);
    }
    if (looks.size() > LOOKS_MAX) {
      looks.removeFirst();
    }
    if (before == null || now.nanos() <= before.nanos()) {
      return Optional.empty();
    }
    return Optional.of(sample(before, now));
  }

  private Sample sample(Snapshot before, Snapshot now) {
    Map<String, Topic> topics = topics(before, now);
    Duration elapsed = Duration.ofNanos(now.nanos() - before.nanos());
    double seconds = Load.seconds(elapsed);
    Set<String> moving = moving(now, topics);
    Topic runnable = new Topic();
    List<LimitedQueue> limited = new ArrayList<>();
    List<CanvasLoad> canvases = new ArrayList<>();
    long settled = 0;
    long claimed = 0;
    long aside = 0;
    boolean later = false;
    for (Map.Entry<String, Topic> each : topics.entrySet()) {
      Topic topic = each.getValue();
      Kind kind = kind(now, each.getKey(), topic);
      // What is moved from topic to topic comes and is settled; only what comes from outside
      // counts.
      settled += topic.settled - (isEvents(each.getKey()) ? 0 : topic.came);
      claimed += topic.claimed;
      switch (kind) {
        case RUNNABLE -> {
          add(runnable, topic, isEvents(each.getKey()));
          canvas(now.view(), each.getKey())
              .filter(canvas -> !moving.contains(canvas.name()))
              .ifPresent(canvas -> canvases.add(load(canvas, topic, seconds)));
        }
        case LIMITED -> {
          runnable.busy += topic.busy;
          limited.add(limited(now.view(), each.getKey(), topic, seconds));
          aside += topic.came;
        }
        case STOPPED -> aside += plan.isLane(each.getKey()) ? topic.came : 0;
        case LATER -> later |= topic.waiting > 0;
      }
    }
    Load load =
        new Load(
            now.nanos(),
            elapsed,
            runnable.waiting,
            runnable.oldest,
            Math.max(0, runnable.came - aside) / seconds,
            Math.max(0, settled) / seconds,
            runnable.busy,
            later,
            limited,
            crew(before, now, claimed, moving.isEmpty()));
    return new Sample(load, canvases);
  }

  // Canvases of which events go into lanes where they may not start: what waits in their topics is
  // theirs in part, nobody knows how much.
  private Set<String> moving(Snapshot now, Map<String, Topic> topics) {
    Set<String> moving = new HashSet<>();
    topics.forEach((name, topic) -> {
      Kind kind = kind(now, name, topic);
      if (topic.came > 0 && (kind == Kind.STOPPED || kind == Kind.LIMITED)) {
        now.view().laneOf(name).ifPresent(lane -> moving.add(lane.canvas()));
      }
    });
    return moving;
  }

  private static void add(Topic sum, Topic topic, boolean fromOutside) {
    sum.waiting += topic.waiting;
    sum.came += fromOutside ? topic.came : 0;
    sum.busy += topic.busy;
    sum.oldest = topic.oldest.compareTo(sum.oldest) > 0 ? topic.oldest : sum.oldest;
  }

  private boolean isEvents(String topic) {
    return !plan.isLane(topic) && !topic.startsWith(plan.retry());
  }

  private static Optional<Canvas> canvas(ControlView view, String topic) {
    Collection<Canvas> canvases = view.canvasesOf(topic);
    return canvases.size() == 1
        ? canvases.stream().filter(each -> !each.deleted() && !each.shared()).findFirst()
        : Optional.empty();
  }

  private static CanvasLoad load(Canvas canvas, Topic topic, double seconds) {
    return new CanvasLoad(
        canvas, topic.waiting, topic.oldest, topic.came / seconds, topic.partitions);
  }

  // --- what there is of each topic

  // Two parts of the retry topic count on their own.
  private String nameOf(TopicPartition partition) {
    return partition.topic().equals(plan.retry()) && partition.partition() % RETRY_TIERS != 0
        ? partition.topic() + ".later"
        : partition.topic();
  }

  private Map<String, Topic> topics(Snapshot before, Snapshot now) {
    Map<String, Topic> topics = new HashMap<>();
    now.standings()
        .forEach((partition, is) -> {
          Topic topic = topics.computeIfAbsent(nameOf(partition), _ -> new Topic());
          @Nullable Standing was = before.standings().get(partition);
          // One that is new has nothing settled yet.
          long came = was == null ? is.open() : is.end() - was.end();
          long settled = was == null ? 0 : came - (is.open() - was.open());
          topic.partitions++;
          topic.waiting += is.waiting();
          topic.claimed += is.claimed();
          topic.came += came;
          topic.settled += settled;
          topic.busy += is.open() > 0 || came > 0 || settled > 0 ? 1 : 0;
          if (is.waiting() > 0) {
            Duration waits = waits(now, partition, is.from());
            topic.oldest = waits.compareTo(topic.oldest) > 0 ? waits : topic.oldest;
          }
        });
    return topics;
  }

  private Duration waits(Snapshot now, TopicPartition partition, long offset) {
    for (Snapshot look : looks) {
      @Nullable Standing was = look.standings().get(partition);
      if (was != null && was.end() > offset) {
        return Duration.ofNanos(now.nanos() - look.nanos());
      }
    }
    return Duration.ZERO;
  }

  // --- what it waits for

  private Kind kind(Snapshot now, String topic, Topic is) {
    if (topic.startsWith(plan.retry())) {
      return topic.equals(plan.retry()) ? Kind.RUNNABLE : Kind.LATER;
    }
    ControlView view = now.view();
    Optional<Lane> lane = view.laneOf(topic);
    if (lane.isPresent()) {
      return view.canvas(lane.get().canvas(), lane.get().generation())
          .filter(canvas -> !canvas.deleted())
          .map(canvas -> ofLane(now, canvas, lane.get(), is))
          .orElse(Kind.RUNNABLE);
    }
    // What is deleted ends, whatever flags say.
    List<Canvas> there = view.canvasesOf(topic).stream().filter(each -> !each.gone()).toList();
    boolean stopped =
        !there.isEmpty()
            && there.stream()
                .allMatch(each -> !each.deleted() && view.flags().stopsCanvas(each, now.at()));
    return stopped ? Kind.STOPPED : Kind.RUNNABLE;
  }

  private static Kind ofLane(Snapshot now, Canvas canvas, Lane lane, Topic is) {
    ControlView view = now.view();
    // Of a queue that is tried after its breaker's block one event runs, whoever works.
    boolean tried = view.breakers().trip(canvas, lane.queue()).isPresent();
    if (tried || !view.flags().stopping(canvas, lane.queue(), now.at()).isEmpty()) {
      return Kind.STOPPED;
    }
    Optional<Limit> limit = view.limit(canvas, lane.queue());
    boolean atRate = limit.flatMap(Limit::perSecond).isPresent();
    boolean full =
        limit
            .flatMap(Limit::concurrency)
            .map(handlers -> is.claimed >= handlers * AT_LIMIT)
            .orElse(false);
    return atRate || full ? Kind.LIMITED : Kind.RUNNABLE;
  }

  private static LimitedQueue limited(ControlView view, String topic, Topic is, double seconds) {
    Lane lane = view.laneOf(topic).orElseThrow();
    Limit limit =
        view.canvas(lane.canvas(), lane.generation())
            .flatMap(canvas -> view.limit(canvas, lane.queue()))
            .orElseThrow();
    double target = Load.seconds(view.scaleBounds().target());
    double wants = is.came / seconds + is.waiting / target;
    double takes = limit.perSecond().orElse(is.settled / seconds);
    return new LimitedQueue(
        new QueueName(lane.canvas(), lane.queue()),
        is.waiting,
        Math.max(0, Math.min(wants, takes)),
        limit.text());
  }

  // --- who works

  private static Crew crew(Snapshot before, Snapshot now, long claimed, boolean calm) {
    List<WorkerBeat> working = now.workers().stream().filter(Sampling::works).toList();
    int slots = working.stream().mapToInt(WorkerBeat::slots).sum();
    return new Crew(working.size(), slots, claimed, calm && names(before).equals(names(now)));
  }

  private static Set<String> names(Snapshot of) {
    return of.workers().stream()
        .filter(Sampling::works)
        .map(WorkerBeat::worker)
        .collect(Collectors.toSet());
  }

  private static boolean works(WorkerBeat worker) {
    return worker.state().equals("running");
  }
}
