package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Lifts flags whose end has passed, noted in the audit, so that the control log does not keep them
/// for ever. They stop nothing any more, as who reads a flag also reads its end. Owned by the
/// upkeep's thread.
public final class EndedFlags implements Chore {
  /// Clocks of schedulers and workers may differ by so much: a flag is never lifted for a worker
  /// that it still stops.
  private static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  /// Each takes two writes; trimming shall not wait for long.
  private static final int FLAGS_MAX = 200;

  private static final Cause CAUSE = new Cause("nightshift", "its end has passed");

  private final Parts parts;

  /// What it works with.
  ///
  /// @param connect reaches the fleet; called when there is something to do
  public record Parts(
      Supplier<ControlView> control,
      Supplier<Fleet> connect,
      InstantSource clock,
      Consumer<SchedulerEvent> events) {}

  public EndedFlags(Parts parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return "tidying flags";
  }

  @Override
  public void turn() {
    Instant by = parts.clock().instant().minus(CLOCKS_MAX);
    if (parts.control().get().flagsEndedBy(by).isEmpty()) {
      return;
    }
    try (Fleet fleet = parts.connect().get()) {
      fleet
          .liftEnded(by, FLAGS_MAX, CAUSE)
          .forEach(flag -> parts.events().accept(new SchedulerEvent.FlagTidied(flag)));
    }
  }

  @Override
  public void forget() {
    // It knows nothing.
  }
}
