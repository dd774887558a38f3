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

/// Lifts flags whose end has passed, noted in the audit, and takes away the records of flags that
/// were lifted long ago, so that the control log does not keep them for ever. They stop nothing any
/// more, as who reads a flag also reads its end. Owned by the upkeep's thread.
public final class EndedFlags implements Chore {
  /// Clocks of schedulers and workers may differ by so much: a flag is never lifted for a worker
  /// that it still stops.
  private static final Duration CLOCKS_MAX = Duration.ofMinutes(10);

  /// How long it can be read that a flag was lifted. Whoever follows the log has read it by then;
  /// who was cut off for longer reads that the record was taken away, which Kafka keeps for another
  /// day. And a breaker's block has the key that whoever finds the same loss again sets it under: a
  /// day later nobody does.
  private static final Duration LIFTED_KEPT = Duration.ofDays(1);

  /// Of either kind. Each takes two writes at most; trimming shall not wait for long.
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
    Instant now = parts.clock().instant();
    Instant ended = now.minus(CLOCKS_MAX);
    Instant lifted = now.minus(LIFTED_KEPT);
    ControlView view = parts.control().get();
    if (view.flagsEndedBy(ended).isEmpty() && view.flagsLiftedBy(lifted).isEmpty()) {
      return;
    }
    try (Fleet fleet = parts.connect().get()) {
      fleet
          .liftEnded(ended, FLAGS_MAX, CAUSE)
          .forEach(flag -> parts.events().accept(new SchedulerEvent.FlagTidied(flag)));
      fleet.forgetLifted(lifted, FLAGS_MAX);
    }
  }

  @Override
  public void forget() {
    // It knows nothing.
  }
}
