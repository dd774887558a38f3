package dev.nightshift.common;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The queues' breakers of a control view: how they are set, what they have counted, and which
/// queues they have blocked or try. Immutable, safe for use by many threads.
public final class Breakers {
  private final Map<String, Breaker> settings = new HashMap<>();
  private final List<Killer> killers;
  // Of those that are on, by the breaker's key. There is more than one block of a queue if two
  // found its events at the same time.
  private final Map<String, List<Flag>> trips = new HashMap<>();

  /// @param killers are kept
  Breakers(List<Breaker> set, List<Killer> killers, List<Flag> flags) {
    set.forEach(breaker -> settings.put(breaker.key(), breaker));
    this.killers = Collections.unmodifiableList(killers);
    for (Flag flag : flags) {
      if (Breaker.isOwn(flag) && isOn(key(flag))) {
        trips.computeIfAbsent(key(flag), key -> new ArrayList<>()).add(flag);
      }
    }
  }

  private static String key(Flag flag) {
    Scope scope = flag.scope();
    return Breaker.key(
        scope.canvas().orElseThrow(), flag.generation(), scope.queue().orElseThrow());
  }

  private boolean isOn(String key) {
    Breaker breaker = settings.get(key);
    return breaker == null || breaker.on();
  }

  /// How a queue's breaker is set.
  public Breaker of(Canvas canvas, String queue) {
    return set(canvas, queue)
        .orElseGet(() -> Breaker.standard(canvas.name(), canvas.generation(), queue));
  }

  /// How somebody has set a queue's breaker, if anybody has.
  public Optional<Breaker> set(Canvas canvas, String queue) {
    return Optional.ofNullable(
        settings.get(Breaker.key(canvas.name(), canvas.generation(), queue)));
  }

  /// All that somebody has set.
  public Collection<Breaker> all() {
    return Collections.unmodifiableCollection(settings.values());
  }

  /// The block of a queue's breaker that is on, from when it was set until it was lifted. After its
  /// end the queue is tried: one event at once runs in the whole fleet.
  public Optional<Flag> trip(Canvas canvas, String queue) {
    // Asked several times for each event.
    return trips.isEmpty()
        ? Optional.empty()
        : trips(canvas, queue).stream().reduce((one, other) -> isLater(one, other) ? one : other);
  }

  private static boolean isLater(Flag one, Flag other) {
    return one.until().orElseThrow().isAfter(other.until().orElseThrow());
  }

  List<Flag> trips(Canvas canvas, String queue) {
    return trips.isEmpty()
        ? List.of()
        : trips.getOrDefault(Breaker.key(canvas.name(), canvas.generation(), queue), List.of());
  }

  boolean isTrip(Flag flag) {
    return trips.values().stream().anyMatch(own -> own.contains(flag));
  }

  /// Whether the same queues are blocked or tried by their breakers as in another view.
  public boolean sameTrips(Breakers other) {
    return trips.keySet().equals(other.trips.keySet());
  }

  /// The events of a queue that have killed their processes and are not forgotten.
  public List<Killer> killers(Canvas canvas, String queue) {
    return killers.stream().filter(each -> each.isOf(canvas, queue)).toList();
  }

  /// Those of all queues.
  public List<Killer> killers() {
    return killers;
  }
}
