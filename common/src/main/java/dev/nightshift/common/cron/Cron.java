package dev.nightshift.common.cron;

import dev.nightshift.common.Canvas;
import java.time.Instant;
import java.util.Optional;

/// A cron: emits an event at each of its ticks. Immutable.
///
/// @param generation of the canvas when it was set: a canvas created again starts without crons
/// @param pause while it is there nothing is emitted
/// @param since no tick up to this instant is emitted: when it was set, changed or resumed
/// @param actor who set it
/// @param setAt when that was
public record Cron(
    CronName name,
    int generation,
    CronSettings settings,
    Optional<CronPause> pause,
    Instant since,
    String actor,
    Instant setAt) {
  /// What its records are stored under.
  public CronKey key() {
    return new CronKey(name, generation);
  }

  /// Whether it is one of this canvas as it is now.
  public boolean isOf(Canvas canvas) {
    return !canvas.deleted()
        && canvas.name().equals(name.canvas())
        && canvas.generation() == generation;
  }

  Cron paused(CronPause by) {
    return new Cron(name, generation, settings, Optional.of(by), since, actor, setAt);
  }

  Cron resumed(Instant at) {
    return new Cron(name, generation, settings, Optional.empty(), at, actor, setAt);
  }

  /// The id of a tick's event: the same, whoever emits it.
  public String eventId(Instant tick) {
    return "cron." + name.name() + "." + tick;
  }

  /// As people read it, for the audit.
  public String text() {
    return settings.text() + pause.map(each -> ", " + each.text()).orElse("");
  }
}
