package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.scheduler.events.SchedulerEvent;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Which topics Kafka does not let be trimmed: says so once of each, and once when it does again.
/// Owned by the upkeep's thread.
final class Refusals {
  private final Consumer<SchedulerEvent> events;
  private final Set<String> told = new HashSet<>();

  // Of this turn.
  private final Map<String, String> refused = new TreeMap<>();
  private final Set<String> taken = new TreeSet<>();

  Refusals(Consumer<SchedulerEvent> events) {
    this.events = events;
  }

  /// A partition of the topic was not trimmed.
  void refused(String topic, String reason) {
    refused.putIfAbsent(topic, reason);
  }

  /// A partition of the topic was trimmed.
  void taken(String topic) {
    taken.add(topic);
  }

  /// Ends a turn: says what is new.
  ///
  /// @param there the topics that are read at all
  void tell(Collection<String> there) {
    refused.forEach((topic, reason) -> {
      if (told.add(topic)) {
        events.accept(new SchedulerEvent.TrimRefused(topic, reason));
      }
    });
    told.removeIf(topic -> {
      boolean over = !there.contains(topic) || taken.contains(topic) && !refused.containsKey(topic);
      if (over) {
        events.accept(new SchedulerEvent.TrimGoesOn(topic));
      }
      return over;
    });
    refused.clear();
    taken.clear();
  }

  void forget() {
    told.clear();
    refused.clear();
    taken.clear();
  }
}
