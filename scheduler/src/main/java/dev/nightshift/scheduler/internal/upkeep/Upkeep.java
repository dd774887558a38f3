package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.FleetException;
import dev.nightshift.scheduler.events.SchedulerEvent;
import dev.nightshift.scheduler.internal.thread.OwnThread;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/// Does the fleet's chores, one after another, on its own thread. Each scheduler has one; it works
/// while the first partition of the delayed topic is its scheduler's, and the others stand by.
public final class Upkeep implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private final Parts parts;
  private final OwnThread thread;

  // The thread's own.
  private final Set<String> delayed = new HashSet<>();
  private boolean led;

  /// What it works with.
  ///
  /// @param leads whether this scheduler does it now
  /// @param every how long it rests between two turns
  /// @param failed told if the thread ends for a reason that nobody foresaw
  public record Parts(
      BooleanSupplier leads,
      Duration every,
      List<Chore> chores,
      Consumer<SchedulerEvent> events,
      Consumer<Throwable> failed) {}

  private Upkeep(Parts parts) {
    this.parts = parts;
    this.thread = new OwnThread("nightshift-upkeep", parts.failed(), this::run, () -> {});
  }

  /// Starts the thread.
  public static Upkeep start(Parts parts) {
    Upkeep started = new Upkeep(parts);
    started.thread.start();
    return started;
  }

  /// Ends the thread, which may be in the midst of a chore; waits for it a moment.
  @Override
  public void close() {
    thread.end(Duration.ZERO, END_MAX);
  }

  // --- the thread

  private void run() throws InterruptedException {
    while (thread.rest(parts.every())) {
      turn();
    }
  }

  private void turn() {
    boolean leads = parts.leads().getAsBoolean();
    if (led && !leads) {
      parts.chores().forEach(Chore::forget);
      delayed.clear();
    }
    led = leads;
    for (Chore chore : parts.chores()) {
      if (!thread.isEnding() && parts.leads().getAsBoolean()) {
        turn(chore);
      }
    }
  }

  private void turn(Chore chore) {
    try {
      chore.turn();
      if (delayed.remove(chore.name())) {
        parts.events().accept(new SchedulerEvent.UpkeepGoesOn(chore.name()));
      }
    } catch (KafkaException | FleetException e) {
      if (!thread.isEnding() && delayed.add(chore.name())) {
        parts
            .events()
            .accept(new SchedulerEvent.UpkeepDelayed(chore.name(), String.valueOf(e.getMessage())));
      }
    }
  }
}
