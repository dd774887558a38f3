package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The only way into the loop. Written by the handlers' threads and by whoever starts and stops the
/// worker, read by the loop's thread. Bounded: each slot has one message at most under way, and
/// there are few others; should it be full nevertheless, the writer waits.
public final class Mailbox {
  private static final int BESIDE_ATTEMPTS = 1_024;

  private final BlockingQueue<Message> queue;
  private final Runnable wakeup;
  private final Consumer<Duration> virtualWait;
  private final boolean virtual;

  /// @param slots how many attempts may run at once
  /// @param wakeup makes the loop look into the mailbox soon
  public Mailbox(int slots, Runnable wakeup) {
    this(slots, wakeup, false, wait -> {});
  }

  private Mailbox(int slots, Runnable wakeup, boolean virtual, Consumer<Duration> virtualWait) {
    this.queue = new ArrayBlockingQueue<>(slots + BESIDE_ATTEMPTS);
    this.wakeup = wakeup;
    this.virtual = virtual;
    this.virtualWait = virtualWait;
  }

  /// A mailbox for a loop that is stepped in virtual time.
  ///
  /// @param wait called instead of waiting for a message; it may post some
  public static Mailbox stepped(int slots, Consumer<Duration> wait) {
    return new Mailbox(slots, () -> {}, true, wait);
  }

  /// An attempt has ended. The loop finds it at its next turn.
  public void post(Message.AttemptEnded message) {
    put(message);
  }

  /// An order, which the loop is woken up for.
  public void order(Message message) {
    put(message);
    wakeup.run();
  }

  private void put(Message message) {
    boolean interrupted = false;
    while (true) {
      try {
        queue.put(message);
        break;
      } catch (InterruptedException e) {
        // The message counts more; its thread's interruption is kept.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes all that there is, waiting up to `wait` for a first one.
  List<Message> take(Duration wait) {
    List<Message> taken = new ArrayList<>();
    if (queue.drainTo(taken) > 0 || wait.isZero()) {
      return taken;
    }
    if (virtual) {
      virtualWait.accept(wait);
      queue.drainTo(taken);
      return taken;
    }
    try {
      Message first = queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null) {
        taken.add(first);
        queue.drainTo(taken);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return taken;
  }
}
