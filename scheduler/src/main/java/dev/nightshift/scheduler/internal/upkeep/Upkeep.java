package dev.nightshift.scheduler.internal.upkeep;

import dev.nightshift.common.FleetException;
import dev.nightshift.scheduler.events.SchedulerEvent;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/// Does the fleet's chores, one after another, on its own thread. Each scheduler has one; it works
/// while the first partition of the delayed topic is its scheduler's, and the others stand by.
public final class Upkeep implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofSeconds(1);

  private final Parts parts;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "nightshift-upkeep");

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
    thread.setDaemon(true);
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
    closing.countDown();
    thread.interrupt();
    try {
      thread.join(END_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- the thread

  private void run() {
    try {
      while (!closing.await(parts.every().toMillis(), TimeUnit.MILLISECONDS)) {
        turn();
      }
    } catch (InterruptedException e) {
      // It is to end.
    } catch (RuntimeException | Error e) {
      if (closing.getCount() > 0) {
        parts.failed().accept(e);
      }
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
      if (closing.getCount() > 0 && parts.leads().getAsBoolean()) {
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
      if (closing.getCount() > 0 && delayed.add(chore.name())) {
        parts
            .events()
            .accept(new SchedulerEvent.UpkeepDelayed(chore.name(), String.valueOf(e.getMessage())));
      }
    }
  }
}
