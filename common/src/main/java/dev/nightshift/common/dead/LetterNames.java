package dev.nightshift.common.dead;

import dev.nightshift.common.Names;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.dead.DeadLetters.Found;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Finds the letters that somebody named, by their place or by their event's id. What has the form
/// of a place always is one. Owned by one thread. Pure.
final class LetterNames {
  private static final int SHOWN_MAX = 5;

  private final TopicPlan plan;
  private final DeadLog.Extent extent;
  private final Map<String, List<Found>> byName = new LinkedHashMap<>();
  private final Map<LetterId, String> places = new HashMap<>();
  private final Set<String> events = new HashSet<>();

  LetterNames(TopicPlan plan, DeadLog.Extent extent) {
    this.plan = plan;
    this.extent = extent;
  }

  /// Takes in the names.
  ///
  /// @return the places among them where a letter may be
  LetterSet begin(List<String> names) {
    LetterSet there = new LetterSet();
    for (String name : names) {
      byName.put(name, new ArrayList<>());
      Optional<LetterId> place = LetterId.parse(name);
      place.ifPresentOrElse(id -> places.put(id, name), () -> events.add(name));
      place.filter(this::mayBe).ifPresent(there::add);
    }
    return there;
  }

  private boolean mayBe(LetterId id) {
    return id.offset() >= extent.starts().getOrDefault(id.partition(), Long.MAX_VALUE)
        && id.offset() < extent.ends().getOrDefault(id.partition(), 0L);
  }

  /// Whether events are named: then all letters have to be looked at.
  boolean hasEvents() {
    return !events.isEmpty();
  }

  /// A letter was read.
  void offer(Found found) {
    Stream.concat(
            Optional.ofNullable(places.get(found.letter().id())).stream(),
            found.letter().eventId().filter(events::contains).stream())
        .forEach(name -> byName.computeIfAbsent(name, n -> new ArrayList<>()).add(found));
  }

  /// The letters, in the order of their names; each once.
  List<Found> found() {
    List<String> missing =
        byName.entrySet().stream()
            .filter(each -> each.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    if (!missing.isEmpty()) {
      throw notFound(missing);
    }
    Map<LetterId, Found> found = new LinkedHashMap<>();
    byName.forEach((name, letters) -> {
      Found one = one(name, letters);
      found.put(one.letter().id(), one);
    });
    return List.copyOf(found.values());
  }

  // Of those that are done the newest: it tells that there is nothing more to do.
  private Found one(String name, List<Found> letters) {
    List<Found> open = letters.stream().filter(found -> found.state() == LetterState.OPEN).toList();
    if (open.size() > 1) {
      throw new DeadLetterException.Ambiguous(
          "event "
              + Names.quoted(name)
              + " has "
              + open.size()
              + " dead letters: "
              + open.stream()
                  .limit(SHOWN_MAX)
                  .map(found -> found.letter().id() + " (died " + found.letter().diedAt() + ")")
                  .collect(Collectors.joining(", "))
              + (open.size() > SHOWN_MAX ? ", …" : "")
              + ". Name the one that is meant, such as "
              + open.get(0).letter().id());
    }
    return open.isEmpty()
        ? letters.stream()
            .max(Comparator.comparing((Found found) -> found.letter().diedAt()))
            .orElseThrow()
        : open.get(0);
  }

  DeadLetterException.NotFound notFound(List<String> names) {
    return new DeadLetterException.NotFound(
        "there is no dead letter "
            + names.stream().limit(SHOWN_MAX).map(Names::quoted).collect(Collectors.joining(", "))
            + (names.size() > SHOWN_MAX ? ", …" : "")
            + " in "
            + plan.dead()
            + ", which keeps 30 days: name one by PARTITION/OFFSET or by its event's id. See what"
            + " there is with: nightshift dead list --all");
  }
}
