package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.Lane;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/// Decides which events wait on in their queue's lane, so that they hold up no other queue: those
/// of a queue that is stopped while its canvas is not, and those of a queue that has filled a
/// partition's share of the memory and does not get on (it is saturated), where others may stand
/// behind it or nothing of it starts at all. Owned by the loop's thread.
final class LaneMoves {
  /// How long a partition may be full until its largest queue counts as saturated.
  static final Duration FULL_MAX = Duration.ofMillis(500);

  /// For so long nothing of a queue that is alone in its canvas may start until it makes way, too:
  /// another worker may have slots for it.
  static final Duration STANDSTILL_MAX = Duration.ofSeconds(5);

  // While anything starts, a queue that has less of what waits in a partition than one part in so
  // many is in nobody's way: a lane for each of thousands of queues would cost more than it helps.
  static final int PARTS = 64;

  // So many events in a row go into the same partition of their lane: each partition costs its
  // transaction a batch, whose buffers are larger than these events, and a marker.
  static final int ROW = 200;

  private final LaneMaker maker;
  private final BiPredicate<String, String> hasOthers;
  private final RunQueue queue;
  private final Scribe scribe;
  private final Endings endings;
  // Each with the partition that it was the largest of.
  private final Map<Key, Partition> saturated = new HashMap<>();
  // Of those that are alone in their canvases, since when the same event of them is the next one.
  private final Map<Key, Next> alone = new HashMap<>();
  private Stops stops = Stops.NONE;
  // Asking for a lane may have come to nothing: it is asked again.
  private boolean lacksLane;
  private long nextLook;
  private int turn;
  private long taken = -1;
  private long takenSince;

  private record Next(Optional<Waiting> event, long since) {}

  private record Key(Canvas canvas, String queue) {
    static Key of(Waiting waiting) {
      return new Key(waiting.canvas(), waiting.event().queue());
    }
  }

  /// @param hasOthers whether a live worker may have a handler of another queue of that canvas
  LaneMoves(
      LaneMaker maker,
      BiPredicate<String, String> hasOthers,
      RunQueue queue,
      Scribe scribe,
      Endings endings) {
    this.maker = maker;
    this.hasOthers = hasOthers;
    this.queue = queue;
    this.scribe = scribe;
    this.endings = endings;
  }

  /// Moves the event to its lane if it is in the way where it stands. Where there is no lane yet
  /// one is asked for, and the event waits here meanwhile.
  ///
  /// @return whether it is on its way
  boolean take(Waiting waiting) {
    return belongsInLane(waiting) && send(waiting);
  }

  /// Moves the event to its lane, where a worker reads it that has its handler.
  ///
  /// @return whether it is on its way; not if it stands there already
  boolean handOn(Waiting waiting) {
    return !waiting.stays() && waiting.partition().kind() != Partition.Kind.LANE && send(waiting);
  }

  private boolean send(Waiting waiting) {
    Optional<Lane> lane = stops.view().lane(waiting.canvas(), waiting.event().queue());
    if (lane.isEmpty()) {
      lacksLane = true;
      maker.want(waiting.canvas(), waiting.event().queue());
      return false;
    }
    int partitions =
        queue.quotas().partitions(waiting.canvas(), waiting.event().queue(), lane.get());
    // Each partition of a limited queue has its own part of the limit: those take turns one by one.
    turn += queue.quotas().isLimited(waiting) ? ROW : 1;
    int partition = Math.floorMod(turn / ROW, partitions);
    scribe.move(Move.toLane(waiting, endings.waitsIn(lane.get(), partition, waiting)));
    return true;
  }

  private boolean belongsInLane(Waiting waiting) {
    if (waiting.stays()) {
      return false;
    }
    if (waiting.partition().kind() == Partition.Kind.LANE) {
      return stops
          .view()
          .laneOf(waiting.partition().id().topic())
          .filter(lane -> queue.quotas().isAstray(waiting, lane))
          .isPresent();
    }
    return stops.inTheWay(waiting)
        || queue.quotas().isLimited(waiting)
        || (!saturated.isEmpty() && saturated.containsKey(Key.of(waiting)));
  }

  /// The flags, or the lanes that there are, may have changed: what waits here is looked at again.
  void stop(Stops now) {
    stops = now;
    queue.remove(this::take);
  }

  /// Looks now and then for queues that have become saturated, or are so no more, and for what
  /// waits for a lane.
  ///
  /// @param full partitions for which there is no room
  void look(Collection<Partition> full, long nanos) {
    boolean idle = full.isEmpty() && saturated.isEmpty() && !lacksLane;
    if (full.isEmpty()) {
      alone.keySet().retainAll(saturated.keySet());
    }
    if (idle || nanos - nextLook < 0) {
      return;
    }
    nextLook = nanos + FULL_MAX.toNanos() / 4;
    boolean more = lookForSaturated(full, nanos);
    // What comes later is moved when it comes: to go over all that waits takes milliseconds.
    if (more || lacksLane) {
      lacksLane = false;
      queue.remove(this::take);
    }
  }

  // Whether there are more of them.
  private boolean lookForSaturated(Collection<Partition> full, long nanos) {
    if (full.isEmpty() && saturated.isEmpty()) {
      return false;
    }
    Map<Partition, Map<Key, Integer>> waiting = new HashMap<>();
    Set<Key> all = new HashSet<>();
    queue.forEach(each -> {
      all.add(Key.of(each));
      waiting
          .computeIfAbsent(each.partition(), partition -> new HashMap<>())
          .merge(Key.of(each), 1, Integer::sum);
    });
    if (queue.taken() != taken) {
      taken = queue.taken();
      takenSince = nanos;
    }
    boolean more = false;
    Set<Key> stuckAlone = new HashSet<>();
    saturated
        .entrySet()
        .removeIf(each -> {
          Key key = each.getKey();
          return !all.contains(key) && queue.mayStart(key.canvas(), key.queue())
              || isAlone(key, each.getValue()) && !standsStill(key, stuckAlone, nanos);
        });
    for (Partition partition : full) {
      Map<Key, Integer> ofIt = waiting.getOrDefault(partition, Map.of());
      if (isStuck(partition, ofIt, nanos)) {
        more |=
            largest(ofIt, nanos)
                .filter(key -> !isAlone(key, partition) || standsStill(key, stuckAlone, nanos))
                .filter(key -> saturated.put(key, partition) == null)
                .isPresent();
      }
    }
    alone.keySet().retainAll(stuckAlone);
    return more;
  }

  // To move what stands alone would cost as much as to run it, and help nobody.
  private boolean isAlone(Key key, Partition partition) {
    return partition.kind() == Partition.Kind.EVENTS
        && stops.view().canvasesOf(partition.id().topic()).stream()
            .noneMatch(other -> !other.gone() && !other.name().equals(key.canvas().name()))
        && !hasOthers.test(key.canvas().name(), key.queue());
  }

  // One partition after another may be claimed of: only the queue as a whole tells.
  private boolean standsStill(Key key, Set<Key> stuckAlone, long nanos) {
    stuckAlone.add(key);
    Optional<Waiting> next = queue.next(key.canvas(), key.queue());
    Next before = alone.get(key);
    // What has moved to its lane has not started.
    boolean moved = next.isEmpty() && saturated.containsKey(key);
    if (before == null || !moved && !before.event().equals(next)) {
      alone.put(key, new Next(next, nanos));
      return false;
    }
    return nanos - before.since() >= STANDSTILL_MAX.toNanos();
  }

  // Not because of what is on its way to its lane already.
  private static boolean isStuck(Partition partition, Map<Key, Integer> waiting, long nanos) {
    long since = partition.fullSince().orElse(nanos);
    int startable = waiting.values().stream().mapToInt(Integer::intValue).sum();
    return partition.kind() != Partition.Kind.LANE
        && nanos - since >= FULL_MAX.toNanos()
        && 2 * startable > partition.waiting();
  }

  private Optional<Key> largest(Map<Key, Integer> waiting, long nanos) {
    boolean standsStill = nanos - takenSince >= STANDSTILL_MAX.toNanos();
    int all = waiting.values().stream().mapToInt(Integer::intValue).sum();
    return waiting.entrySet().stream()
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .filter(most -> standsStill || PARTS * most.getValue() >= all)
        .map(Map.Entry::getKey);
  }
}
