package dev.nightshift.common;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
  public static final ControlView EMPTY =
      new ControlView(
          0,
          0,
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          ScaleBounds.DEFAULT,
          Map.of(),
          Map.of());

  /// The key of the record of the bounds of scaling in the control log.
  static final String SCALE_KEY = "scale";

  private final long version;
  private final long offset;
  private final Map<String, Canvas> byKey;
  private final Map<String, Canvas> current = new HashMap<>();
  private final Map<String, List<Canvas>> byTopic = new HashMap<>();
  private final Map<String, Flag> flagsByKey;
  private final Flags flags;
  private final Map<String, Lane> lanesByKey;
  private final Map<String, Lane> lanesByTopic = new HashMap<>();
  private final Map<String, Limit> limitsByKey;
  private final Map<String, Concurrency> concurrencyByKey;
  private final ScaleBounds scaleBounds;
  private final Map<String, Breaker> breakersByKey;
  private final Map<String, Killer> killersByKey;
  private final Breakers breakers;

  private ControlView(
      long version,
      long offset,
      Map<String, Canvas> byKey,
      Map<String, Flag> flagsByKey,
      Map<String, Lane> lanesByKey,
      Map<String, Limit> limitsByKey,
      Map<String, Concurrency> concurrencyByKey,
      ScaleBounds scaleBounds,
      Map<String, Breaker> breakersByKey,
      Map<String, Killer> killersByKey) {
    this.version = version;
    this.offset = offset;
    this.byKey = byKey;
    this.flagsByKey = flagsByKey;
    this.flags = new Flags(flagsByKey.values());
    this.lanesByKey = lanesByKey;
    this.limitsByKey = limitsByKey;
    this.concurrencyByKey = concurrencyByKey;
    this.scaleBounds = scaleBounds;
    this.breakersByKey = breakersByKey;
    this.killersByKey = killersByKey;
    this.breakers = new Breakers(breakersByKey, killersByKey, flagsByKey.values());
    lanesByKey.values().forEach(lane -> lanesByTopic.put(lane.topic(), lane));
    for (Canvas canvas : byKey.values()) {
      current.merge(canvas.name(), canvas, (a, b) -> a.generation() >= b.generation() ? a : b);
      byTopic.computeIfAbsent(canvas.topic(), topic -> new ArrayList<>()).add(canvas);
    }
  }

  /// This view with one more record read. For more than a few use a [#builder].
  public ControlView with(Canvas canvas) {
    return builder().put(canvas).build();
  }

  /// This view with the record of that key removed (a tombstone was read).
  public ControlView without(String key) {
    return builder().remove(key).build();
  }

  /// Starts from this view to read many records at the cost of one copy.
  public Builder builder() {
    return new Builder(this);
  }

  /// The key of a canvas's record in the control log.
  public static String key(String canvas, int generation) {
    return "canvas/" + canvas + "/" + generation;
  }

  /// The key of a flag's record in the control log.
  public static String flagKey(String id) {
    return "flag/" + id;
  }

  /// The key of a lane's record in the control log.
  public static String laneKey(String canvas, int generation, String queue) {
    return "lane/" + canvas + "/" + generation + "/" + queue;
  }

  /// A queue's lane, if it was ever made.
  public Optional<Lane> lane(Canvas canvas, String queue) {
    return lanesByKey.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(lanesByKey.get(laneKey(canvas.name(), canvas.generation(), queue)));
  }

  /// The lane that a topic is, if it is one.
  public Optional<Lane> laneOf(String topic) {
    return Optional.ofNullable(lanesByTopic.get(topic));
  }

  /// The key of a limit's record in the control log.
  public static String limitKey(String canvas, int generation, String queue) {
    return "limit/" + canvas + "/" + generation + "/" + queue;
  }

  /// A queue's limit, if it has one.
  public Optional<Limit> limit(Canvas canvas, String queue) {
    return limitsByKey.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(limitsByKey.get(limitKey(canvas.name(), canvas.generation(), queue)));
  }

  /// The key of the record of a worker's concurrency in the control log.
  public static String concurrencyKey(String worker) {
    return "concurrency/" + worker;
  }

  /// How many handlers a worker shall run at once, if it was told: by name, else as all.
  public Optional<Integer> concurrencyOf(String worker) {
    return exactly(worker).or(() -> exactly(Concurrency.ALL)).flatMap(Concurrency::handlers);
  }

  /// What is said of exactly this worker, or of all.
  Optional<Concurrency> exactly(String worker) {
    return Optional.ofNullable(concurrencyByKey.get(concurrencyKey(worker)));
  }

  /// Between which numbers of workers the schedulers decide; the default if nobody said.
  public ScaleBounds scaleBounds() {
    return scaleBounds;
  }

  /// All limits.
  public Set<Limit> limits() {
    return Set.copyOf(limitsByKey.values());
  }

  /// The queues' breakers.
  public Breakers breakers() {
    return breakers;
  }

  /// All lanes.
  public Set<Lane> lanes() {
    return Set.copyOf(lanesByKey.values());
  }

  /// The flags that count no more by themselves since an instant at the latest and may go: not a
  /// breaker's block, which is looked at as long as its queue is tried.
  public List<Flag> flagsEndedBy(Instant instant) {
    return flags.endedBy(instant).stream().filter(flag -> !breakers.isTrip(flag)).toList();
  }

  /// The flags that were set and not lifted.
  public Flags flags() {
    return flags;
  }

  /// Grows with each change; equal versions of one log are equal views.
  public long version() {
    return version;
  }

  /// The offset of the control topic up to which it was read: what stands below it is in here.
  public long offset() {
    return offset;
  }

  /// The newest generation of a canvas, deleted or not.
  public Optional<Canvas> canvas(String name) {
    return Optional.ofNullable(current.get(name));
  }

  /// One generation of a canvas, deleted or not.
  public Optional<Canvas> canvas(String name, int generation) {
    return Optional.ofNullable(byKey.get(key(name, generation)));
  }

  /// The canvases whose events are in a topic.
  public List<Canvas> canvasesOf(String topic) {
    return byTopic.getOrDefault(topic, List.of());
  }

  /// All canvases' newest generations, deleted or not.
  public Collection<Canvas> canvases() {
    return List.copyOf(current.values());
  }

  /// The canvas of a record on `topic` that says `claimed` as its canvas (empty if it says none):
  /// the claim counts only if that canvas's record names this topic.
  public Optional<Canvas> canvasOf(String topic, Optional<String> claimed) {
    List<Canvas> candidates = byTopic.getOrDefault(topic, List.of());
    for (Canvas canvas : candidates) {
      if (claimed.isPresent() && canvas.name().equals(claimed.get())) {
        return Optional.of(canvas);
      }
    }
    return candidates.size() == 1 ? Optional.of(candidates.get(0)) : Optional.empty();
  }

  /// All generations of all canvases that were deleted.
  public List<Canvas> deletedCanvases() {
    return byKey.values().stream().filter(Canvas::deleted).toList();
  }

  /// The keys of all that is said of one generation of a canvas beside its own record: lanes,
  /// limits, flags and breakers.
  Set<String> keysOf(Canvas canvas) {
    Set<String> keys = breakers.keysOf(canvas);
    lanesByKey.forEach((key, lane) -> {
      if (lane.canvas().equals(canvas.name()) && lane.generation() == canvas.generation()) {
        keys.add(key);
      }
    });
    limitsByKey.forEach((key, limit) -> {
      if (limit.canvas().equals(canvas.name()) && limit.generation() == canvas.generation()) {
        keys.add(key);
      }
    });
    flagsByKey.forEach((key, flag) -> {
      if (flag.scope().canvas().equals(Optional.of(canvas.name()))
          && flag.generation() == canvas.generation()) {
        keys.add(key);
      }
    });
    return keys;
  }

  /// The topics of one generation of a canvas: its events' and its lanes'.
  public Set<String> topics(Canvas canvas) {
    Set<String> topics = new TreeSet<>(Set.of(canvas.topic()));
    for (Lane lane : lanesByKey.values()) {
      if (lane.canvas().equals(canvas.name()) && lane.generation() == canvas.generation()) {
        topics.add(lane.topic());
      }
    }
    return topics;
  }

  /// The event topics and lanes that a group's workers read: those of deleted canvases too, until
  /// they are gone.
  public Set<String> topics(String group) {
    Set<String> topics = new TreeSet<>();
    for (Canvas canvas : byKey.values()) {
      if (canvas.group().equals(group) && !canvas.gone()) {
        topics.add(canvas.topic());
      }
    }
    for (Lane lane : lanesByKey.values()) {
      if (canvas(lane.canvas(), lane.generation())
          .filter(canvas -> canvas.group().equals(group) && !canvas.gone())
          .isPresent()) {
        topics.add(lane.topic());
      }
    }
    return topics;
  }

  /// Collects changes to a view. For one thread.
  public static final class Builder {
    private final ControlView before;
    private final Map<String, Canvas> byKey;
    private final Map<String, Flag> flagsByKey;
    private final Map<String, Lane> lanesByKey;
    private final Map<String, Limit> limitsByKey;
    private final Map<String, Concurrency> concurrencyByKey;
    private ScaleBounds scaleBounds;
    private final Map<String, Breaker> breakersByKey;
    private final Map<String, Killer> killersByKey;
    private long version;
    private long offset;

    private Builder(ControlView before) {
      this.before = before;
      this.byKey = new HashMap<>(before.byKey);
      this.flagsByKey = new HashMap<>(before.flagsByKey);
      this.lanesByKey = new HashMap<>(before.lanesByKey);
      this.limitsByKey = new HashMap<>(before.limitsByKey);
      this.concurrencyByKey = new HashMap<>(before.concurrencyByKey);
      this.scaleBounds = before.scaleBounds;
      this.breakersByKey = new HashMap<>(before.breakersByKey);
      this.killersByKey = new HashMap<>(before.killersByKey);
      this.version = before.version;
      this.offset = before.offset;
    }

    /// What stands below this offset of the control topic was read.
    Builder readTo(long next) {
      offset = next;
      return this;
    }

    /// A canvas's record was read. A generation that was deleted stays deleted, whatever is written
    /// later: somebody created it at the same time and had not seen the deletion yet.
    public Builder put(Canvas canvas) {
      String key = key(canvas.name(), canvas.generation());
      @Nullable Canvas known = byKey.get(key);
      boolean revives = known != null && known.deleted() && !canvas.deleted();
      if (!canvas.equals(known) && !revives) {
        byKey.put(key, canvas);
        version++;
      }
      return this;
    }

    /// A flag that is set was read.
    public Builder put(Flag flag) {
      if (!flag.equals(flagsByKey.put(flagKey(flag.id()), flag))) {
        version++;
      }
      return this;
    }

    /// A lane's record was read.
    public Builder put(Lane lane) {
      String key = laneKey(lane.canvas(), lane.generation(), lane.queue());
      if (!lane.equals(lanesByKey.put(key, lane))) {
        version++;
      }
      return this;
    }

    /// A limit's record was read; one of nothing lifts it.
    public Builder put(Limit limit) {
      String key = limitKey(limit.canvas(), limit.generation(), limit.queue());
      if (limit.none()) {
        return remove(key);
      }
      if (!limit.equals(limitsByKey.put(key, limit))) {
        version++;
      }
      return this;
    }

    /// A worker's concurrency was read; one of nothing lifts it.
    public Builder put(Concurrency concurrency) {
      String key = concurrencyKey(concurrency.worker());
      if (concurrency.handlers().isEmpty()) {
        return remove(key);
      }
      if (!concurrency.equals(concurrencyByKey.put(key, concurrency))) {
        version++;
      }
      return this;
    }

    /// The record of the bounds of scaling was read.
    public Builder put(ScaleBounds bounds) {
      if (!bounds.equals(scaleBounds)) {
        scaleBounds = bounds;
        version++;
      }
      return this;
    }

    /// How a queue's breaker is set was read.
    public Builder put(Breaker breaker) {
      if (!breaker.equals(breakersByKey.put(breaker.key(), breaker))) {
        version++;
      }
      return this;
    }

    /// An event that killed its process was read.
    public Builder put(Killer killer) {
      if (!killer.equals(killersByKey.put(killer.key(), killer))) {
        version++;
      }
      return this;
    }

    /// A tombstone of that key was read, or that the flag of that key was lifted.
    public Builder remove(String key) {
      if (key.equals(SCALE_KEY)) {
        return put(ScaleBounds.DEFAULT);
      }
      if (byKey.remove(key) != null
          || flagsByKey.remove(key) != null
          || lanesByKey.remove(key) != null
          || limitsByKey.remove(key) != null
          || concurrencyByKey.remove(key) != null
          || breakersByKey.remove(key) != null
          || killersByKey.remove(key) != null) {
        version++;
      }
      return this;
    }

    /// The view with these changes; the one before if there are none.
    public ControlView build() {
      return version == before.version && offset == before.offset
          ? before
          : new ControlView(
              version,
              offset,
              Map.copyOf(byKey),
              Map.copyOf(flagsByKey),
              Map.copyOf(lanesByKey),
              Map.copyOf(limitsByKey),
              Map.copyOf(concurrencyByKey),
              scaleBounds,
              Map.copyOf(breakersByKey),
              Map.copyOf(killersByKey));
    }
  }
}
