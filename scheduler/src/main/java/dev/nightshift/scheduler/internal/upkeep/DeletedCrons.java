package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.CronsView;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Takes away what is stored of crons whose canvas was deleted, so that the schedules do not keep
/// it for ever. Owned by the upkeep's thread.
public final class DeletedCrons implements Chore {
  /// Each takes two writes; trimming shall not wait for long.
  private static final int CRONS_MAX = 200;

  private final Parts parts;

  /// What it works with.
  ///
  /// @param connect reaches the fleet; called when there is something to do
  /// @param open its crons; called when there is something to do
  public record Parts(
      Supplier<ControlView> control,
      Supplier<CronsView> crons,
      Supplier<Fleet> connect,
      Function<Fleet, Crons> open,
      Consumer<SchedulerEvent> events) {}

  public DeletedCrons(Parts parts) {
    this.parts = parts;
  }

  @Override
  public String name() {
    return "tidying crons";
  }

  @Override
  public void turn() {
    if (parts.crons().get().deleted(parts.control().get()).isEmpty()) {
      return;
    }
    try (Fleet fleet = parts.connect().get();
        Crons crons = parts.open().apply(fleet)) {
      int taken = crons.takeAwayDeleted(CRONS_MAX);
      if (taken > 0) {
        parts.events().accept(new SchedulerEvent.CronsTidied(taken));
      }
    }
  }

  @Override
  public void forget() {
    // It knows nothing.
  }
}
