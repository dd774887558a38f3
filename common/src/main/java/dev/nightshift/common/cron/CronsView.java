package dev.nightshift.common.cron;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the topic of schedules says, up to one of its offsets. Immutable, safe for use by many
/// threads.
public final class CronsView {
  /// Knows nothing.
  public static final CronsView EMPTY = new CronsView(Map.of(), Map.of());

  private final Map<CronName, Cron> crons;
  private final Map<CronName, CronState> states;

  private CronsView(Map<CronName, Cron> crons, Map<CronName, CronState> states) {
    this.crons = crons;
    this.states = states;
  }

  /// All crons, also those of canvases that are deleted, by name.
  public List<Cron> crons() {
    return crons.values().stream().sorted((a, b) -> a.name().compareTo(b.name())).toList();
  }

  /// A cron, if there is one of that name.
  public Optional<Cron> cron(CronName name) {
    return Optional.ofNullable(crons.get(name));
  }

  /// How far a cron's ticks were computed.
  public CronState state(CronName name) {
    return states.getOrDefault(name, CronState.NONE);
  }

  /// Starts from this view to read many records at the cost of one copy.
  public Builder builder() {
    return new Builder(this);
  }

  /// Collects changes to a view. For one thread.
  public static final class Builder {
    private final CronsView before;
    private final Map<CronName, Cron> crons;
    private final Map<CronName, CronState> states;
    private boolean changed;

    private Builder(CronsView before) {
      this.before = before;
      this.crons = new HashMap<>(before.crons);
      this.states = new HashMap<>(before.states);
    }

    /// A cron's definition was read.
    public Builder put(Cron cron) {
      changed |= !cron.equals(crons.put(cron.name(), cron));
      return this;
    }

    /// How far a cron's ticks were computed was read.
    public Builder put(CronName name, CronState state) {
      changed |= !state.equals(states.put(name, state));
      return this;
    }

    /// That a cron was deleted was read.
    public Builder remove(CronName name) {
      changed |= crons.remove(name) != null;
      return this;
    }

    /// That nothing is known any more of a cron's ticks was read.
    public Builder removeState(CronName name) {
      changed |= states.remove(name) != null;
      return this;
    }

    /// The view with these changes; the one before if there are none.
    public CronsView build() {
      return changed ? new CronsView(Map.copyOf(crons), Map.copyOf(states)) : before;
    }
  }
}
