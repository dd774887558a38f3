package dev.nightshift.worker.internal.log;

import java.time.Duration;

/// Lets other threads end a wait of the loop's thread, and nothing but a wait: a consumer that is
/// woken while it commits breaks the commit off. Closed but while the loop's thread waits.
final class WakeupGate {
  private final Runnable wakeup;
  private boolean open;
  private boolean pending;

  WakeupGate(Runnable wakeup) {
    this.wakeup = wakeup;
  }

  /// Ends the wait, or else the next one. Any thread may call it.
  synchronized void wake() {
    if (open) {
      wakeup.run();
    } else {
      pending = true;
      notifyAll();
    }
  }

  /// From here on the loop's thread waits; it is woken at once if somebody asked for it before.
  synchronized void open() {
    open = true;
    if (pending) {
      pending = false;
      wakeup.run();
    }
  }

  /// Returns whether it was open.
  synchronized boolean close() {
    boolean was = open;
    open = false;
    return was;
  }

  /// Waits without the consumer.
  synchronized void await(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    long left = wait.toNanos();
    while (!pending && left > 0) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
      left = deadline - System.nanoTime();
    }
    pending = false;
  }
}
