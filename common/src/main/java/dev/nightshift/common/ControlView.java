package dev.nightshift.common;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the control log says, up to one of its offsets. Immutable, safe for use by many threads.
public final class ControlView {
  /// Knows nothing.
  public static final ControlView EMPTY = new ControlView(0, Map.of());

  private final long version;
  private final Map<String, Canvas> byKey;
  private final Map<String, Canvas> current = new HashMap<>();
  private final Map<String, List<Canvas>> byTopic = new HashMap<>();

  private ControlView(long version, Map<String, Canvas> byKey) {
    this.version = version;
    this.byKey = byKey;
    for (Canvas canvas : byKey.values()) {
      current.merge(canvas.name(), canvas, (a, b) -> a.generation() >= b.generation() ? a : b);
      byTopic.computeIfAbsent(canvas.topic(), topic -> new ArrayList<>()).add(canvas);
    }
  }

  /// This view with one more record read.
  public ControlView with(Canvas canvas) {
    Map<String, Canvas> next = new HashMap<>(byKey);
    next.put(key(canvas.name(), canvas.generation()), canvas);
    return new ControlView(version + 1, Map.copyOf(next));
  }

  /// This view with the record of that key removed (a tombstone was read).
  public ControlView without(String key) {
    if (!byKey.containsKey(key)) {
      return this;
    }
    Map<String, Canvas> next = new HashMap<>(byKey);
    next.remove(key);
    return new ControlView(version + 1, Map.copyOf(next));
  }

  /// The key of a canvas's record in the control log.
  public static String key(String canvas, int generation) {
    return "canvas/" + canvas + "/" + generation;
  }

  /// Grows with each change; equal versions of one log are equal views.
  public long version() {
    return version;
  }

  /// The newest generation of a canvas, deleted or not.
  public Optional<Canvas> canvas(String name) {
    return Optional.ofNullable(current.get(name));
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

  /// The event topics that a group's workers read: those of deleted canvases too, until their
  /// records are gone.
  public Set<String> topics(String group) {
    Set<String> topics = new TreeSet<>();
    for (Canvas canvas : byKey.values()) {
      if (canvas.group().equals(group)) {
        topics.add(canvas.topic());
      }
    }
    return topics;
  }
}
