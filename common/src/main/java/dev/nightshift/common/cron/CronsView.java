package dev.nightshift.common.cron;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.ControlView;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What the topic of schedules says, up to one of its offsets. Immutable, safe for use by many
/// threads.
public final class CronsView {
  /// Knows nothing.
  public static final CronsView EMPTY = new CronsView(Map.of(), Map.of());

  private final Map<CronKey, Cron> crons;
  private final Map<CronKey, CronState> states;

  private CronsView(Map<CronKey, Cron> crons, Map<CronKey, CronState> states) {
    this.crons = crons;
    this.states = states;
  }

  /// All crons, also those of canvases that are deleted, by name.
  public List<Cron> crons() {
    return crons.values().stream().sorted(Comparator.comparing(Cron::key)).toList();
  }

  /// A cron, if there is one of that key.
  public Optional<Cron> cron(CronKey key) {
    return Optional.ofNullable(crons.get(key));
  }

  /// How far a cron's ticks were computed.
  public CronState state(CronKey key) {
    return states.getOrDefault(key, CronState.NONE);
  }

  /// The keys, in their order, that something is stored under of a canvas that was deleted. Such a
  /// canvas never comes back: one of the same name has another generation.
  public List<CronKey> deleted(ControlView control) {
    return Stream.concat(crons.keySet().stream(), states.keySet().stream())
        .distinct()
        .filter(key ->
            control
                .canvas(key.name().canvas(), key.generation())
                .filter(Canvas::deleted)
                .isPresent())
        .sorted()
        .toList();
  }

  /// Starts from this view to read many records at the cost of one copy.
  public Builder builder() {
    return new Builder(this);
  }

  /// Collects changes to a view. For one thread.
  public static final class Builder {
    private final CronsView before;
    private final Map<CronKey, Cron> crons;
    private final Map<CronKey, CronState> states;
    private boolean changed;

    private Builder(CronsView before) {
      this.before = before;
      this.crons = new HashMap<>(before.crons);
      this.states = new HashMap<>(before.states);
    }

    /// A cron's definition was read.
    public Builder put(Cron cron) {
      changed |= !cron.equals(crons.put(cron.key(), cron));
      return this;
    }

    /// How far a cron's ticks were computed was read.
    public Builder put(CronKey key, CronState state) {
      changed |= !state.equals(states.put(key, state));
      return this;
    }

    /// That a cron was deleted was read.
    public Builder remove(CronKey key) {
      changed |= crons.remove(key) != null;
      return this;
    }

    /// That nothing is known any more of a cron's ticks was read.
    public Builder removeState(CronKey key) {
      changed |= states.remove(key) != null;
      return this;
    }

    /// The view with these changes; the one before if there are none.
    public CronsView build() {
      return changed ? new CronsView(Map.copyOf(crons), Map.copyOf(states)) : before;
    }
  }
}
