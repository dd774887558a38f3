package dev.nightshift.common;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the control log says, up to one of its offsets. Immutable, safe for use by many threads.
public final class ControlView {
  /// Knows nothing.
  public static final ControlView EMPTY = new ControlView(0, 0, Map.of());

  private final long version;
  private final long offset;
  private final Map<String, ControlFact> facts;

  // Of the facts, by kind and by what else they are looked up by.
  private final List<Canvas> generations = new ArrayList<>();
  private final Map<String, Canvas> newest = new HashMap<>();
  private final Map<String, Map<String, Canvas>> byTopic = new HashMap<>();
  private final List<Lane> lanes = new ArrayList<>();
  private final Map<String, Lane> lanesByTopic = new HashMap<>();
  private final List<Limit> limits = new ArrayList<>();
  private final List<LiftedFlag> lifted = new ArrayList<>();
  private final Flags flags;
  private final Breakers breakers;

  // Nobody changes the facts any more.
  ControlView(long version, long offset, Map<String, ControlFact> facts) {
    this.version = version;
    this.offset = offset;
    this.facts = facts;
    List<Flag> set = new ArrayList<>();
    List<Breaker> settings = new ArrayList<>();
    List<Killer> killers = new ArrayList<>();
    for (ControlFact fact : facts.values()) {
      if (fact instanceof Canvas canvas) {
        index(canvas);
      } else if (fact instanceof Lane lane) {
        lanes.add(lane);
        lanesByTopic.put(lane.topic(), lane);
      } else if (fact instanceof Flag flag) {
        set.add(flag);
      } else if (fact instanceof LiftedFlag flag) {
        lifted.add(flag);
      } else if (fact instanceof Limit limit) {
        limits.add(limit);
      } else if (fact instanceof Breaker breaker) {
        settings.add(breaker);
      } else if (fact instanceof Killer killer) {
        killers.add(killer);
      }
    }
    this.flags = new Flags(set);
    this.breakers = new Breakers(settings, killers, set);
  }

  private void index(Canvas canvas) {
    generations.add(canvas);
    newest.merge(canvas.name(), canvas, (a, b) -> a.generation() >= b.generation() ? a : b);
    byTopic.computeIfAbsent(canvas.topic(), topic -> new HashMap<>(2)).put(canvas.name(), canvas);
  }

  /// This view with one more record read. For more than a few use a [#builder].
  public ControlView with(ControlFact fact) {
    return builder().put(fact).build();
  }

  /// This view with the record of that key removed (a tombstone was read).
  public ControlView without(String key) {
    return builder().remove(key).build();
  }

  /// Starts from this view to read many records at the cost of one copy.
  public ControlViewBuilder builder() {
    return new ControlViewBuilder(this);
  }

  /// What all records say, by their keys; not to be changed.
  Map<String, ControlFact> facts() {
    return facts;
  }

  // What a key's record says, if it is of that kind; a kind has its own keys.
  private <F extends ControlFact> Optional<F> fact(Class<F> kind, String key) {
    @Nullable ControlFact said = facts.get(key);
    return kind.isInstance(said) ? Optional.of(kind.cast(said)) : Optional.empty();
  }

  /// A queue's lane, if it was ever made.
  public Optional<Lane> lane(Canvas canvas, String queue) {
    // Asked for each event.
    return lanes.isEmpty()
        ? Optional.empty()
        : fact(Lane.class, Lane.key(canvas.name(), canvas.generation(), queue));
  }

  /// The lane that a topic is, if it is one.
  public Optional<Lane> laneOf(String topic) {
    return Optional.ofNullable(lanesByTopic.get(topic));
  }

  /// All lanes.
  public Set<Lane> lanes() {
    return Set.copyOf(lanes);
  }

  /// A queue's limit, if it has one.
  public Optional<Limit> limit(Canvas canvas, String queue) {
    return limits.isEmpty()
        ? Optional.empty()
        : fact(Limit.class, Limit.key(canvas.name(), canvas.generation(), queue));
  }

  /// All limits.
  public Set<Limit> limits() {
    return Set.copyOf(limits);
  }

  /// How many handlers a worker shall run at once, if it was told: by name, else as all.
  public Optional<Integer> concurrencyOf(String worker) {
    return exactly(worker).or(() -> exactly(Concurrency.ALL)).flatMap(Concurrency::handlers);
  }

  /// What is said of exactly this worker, or of all.
  Optional<Concurrency> exactly(String worker) {
    return fact(Concurrency.class, Concurrency.key(worker));
  }

  /// Between which numbers of workers the schedulers decide; the default if nobody said.
  public ScaleBounds scaleBounds() {
    return fact(ScaleBounds.class, ScaleBounds.KEY).orElse(ScaleBounds.DEFAULT);
  }

  /// The queues' breakers.
  public Breakers breakers() {
    return breakers;
  }

  /// The flags that were set and not lifted.
  public Flags flags() {
    return flags;
  }

  /// The flags that count no more by themselves since an instant at the latest and may go: not a
  /// breaker's block, which is looked at as long as its queue is tried.
  public List<Flag> flagsEndedBy(Instant instant) {
    return flags.endedBy(instant).stream().filter(flag -> !breakers.isTrip(flag)).toList();
  }

  /// The flags that were lifted at an instant at the latest, and whose records are still there.
  public List<LiftedFlag> flagsLiftedBy(Instant instant) {
    return lifted.stream().filter(flag -> !flag.at().isAfter(instant)).toList();
  }

  /// Grows with each change; equal versions of one log are equal views. What is remembered of flags
  /// that were lifted does not count: nothing is done otherwise for its sake.
  public long version() {
    return version;
  }

  /// The offset of the control topic up to which it was read: what stands below it is in here.
  public long offset() {
    return offset;
  }

  /// The newest generation of a canvas, deleted or not.
  public Optional<Canvas> canvas(String name) {
    return Optional.ofNullable(newest.get(name));
  }

  /// One generation of a canvas, deleted or not.
  public Optional<Canvas> canvas(String name, int generation) {
    return fact(Canvas.class, Canvas.key(name, generation));
  }

  /// The canvases whose events are in a topic, deleted or not. No two generations of a canvas are
  /// in the same.
  public Collection<Canvas> canvasesOf(String topic) {
    return Collections.unmodifiableCollection(byTopic.getOrDefault(topic, Map.of()).values());
  }

  /// All canvases' newest generations, deleted or not.
  public Collection<Canvas> canvases() {
    return List.copyOf(newest.values());
  }

  /// The canvas of a record on `topic` that says `claimed` as its canvas (empty if it says none):
  /// the claim counts only if that canvas's record names this topic. Without one it is the topic's
  /// own canvas, if it is not shared.
  public Optional<Canvas> canvasOf(String topic, Optional<String> claimed) {
    Map<String, Canvas> candidates = byTopic.getOrDefault(topic, Map.of());
    Optional<Canvas> named = claimed.map(candidates::get);
    return named.isPresent() || candidates.size() != 1
        ? named
        : candidates.values().stream().filter(canvas -> !canvas.shared()).findFirst();
  }

  /// All generations of all canvases that were deleted.
  public List<Canvas> deletedCanvases() {
    return generations.stream().filter(Canvas::deleted).toList();
  }

  /// The keys of all that is said of one generation of a canvas beside its own record: lanes,
  /// limits, flags and breakers.
  Set<String> keysOf(Canvas canvas) {
    Set<String> keys = new TreeSet<>();
    facts.forEach((key, fact) -> {
      if (fact instanceof ControlFact.OfQueue said && said.isOf(canvas)
          || fact instanceof Flag flag && flag.isOf(canvas)) {
        keys.add(key);
      }
    });
    return keys;
  }

  /// The topics that are of one generation of a canvas alone: its events', unless others share it,
  /// and its lanes'.
  public Set<String> topics(Canvas canvas) {
    Set<String> topics = new TreeSet<>();
    if (!canvas.shared()) {
      topics.add(canvas.topic());
    }
    lanes.stream().filter(lane -> lane.isOf(canvas)).forEach(lane -> topics.add(lane.topic()));
    return topics;
  }

  /// The event topics and lanes that a group's workers read: those of deleted canvases too, until
  /// they are gone. A topic that canvases share is read for good: an event may come late.
  public Set<String> topics(String group) {
    Set<String> topics = new TreeSet<>();
    for (Canvas canvas : generations) {
      if (canvas.group().equals(group) && (canvas.shared() || !canvas.gone())) {
        topics.add(canvas.topic());
      }
    }
    for (Lane lane : lanes) {
      if (canvas(lane.canvas(), lane.generation())
          .filter(canvas -> canvas.group().equals(group) && !canvas.gone())
          .isPresent()) {
        topics.add(lane.topic());
      }
    }
    return topics;
  }
}
