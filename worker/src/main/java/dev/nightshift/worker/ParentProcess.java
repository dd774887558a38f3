package dev.nightshift.worker;

import java.io.IOException;
import java.time.Duration;
import sun.misc.Signal;

/// What binds a worker, or a scheduler, to the process that started it and holds the other end of
/// its standard input: it ends at once when that process is gone, however that ended, and leaves it
/// the signals that a terminal sends to both alike. The parent ends it with a SIGTERM; so does
/// whoever sends one to the whole group, which must mean no more than the parent's alone.
public final class ParentProcess {
  /// The option that asks for it.
  public static final String OPTION = "--with-parent";

  /// What the parent writes to have a worker hand back at once what it runs.
  public static final int HAND_BACK = 'h';

  private static final int ORPHANED = 1;

  private static final Duration ORDERS_APART = Duration.ofSeconds(1);

  private ParentProcess() {}

  /// Whether a signal to end that comes now is another order than the one before, or the same that
  /// came twice: who tells a process and then its group, as `timeout` does, tells it twice at once.
  ///
  /// @param firstNanos when the one before came
  public static boolean isSecondOrder(long firstNanos) {
    return System.nanoTime() - firstNanos >= ORDERS_APART.toNanos();
  }

  /// Binds this process, for as long as it lives.
  ///
  /// @param handBack what to do when the parent says so, on a thread of its own
  public static void bind(Runnable handBack) {
    Signal.handle(new Signal("INT"), _ -> {});
    Signal.handle(new Signal("HUP"), _ -> {});
    Thread.ofPlatform().daemon().name("nightshift-parent").start(() -> awaitEnd(handBack));
  }

  // Without its parent's Kafka there is nothing that it could still write: what it ran counts as
  // lost.
  private static void awaitEnd(Runnable handBack) {
    try {
      for (int said = System.in.read(); said >= 0; said = System.in.read()) {
        if (said == HAND_BACK) {
          handBack.run();
        }
      }
    } catch (IOException e) {
      // A broken pipe is an end as well.
    }
    Runtime.getRuntime().halt(ORPHANED);
  }
}
