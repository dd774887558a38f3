package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.run.AttemptKey;
import dev.nightshift.worker.internal.run.Attempts;
import dev.nightshift.worker.internal.run.Finished;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The only way into the loop. Written by the handlers' threads and by whoever starts and stops the
/// worker, none of which ever waits; read by the loop's thread. Bounded by those who write: an
/// attempt has two messages at most, the loop starts no more than it has slots and room for what
/// ends ([InFlight]), and there are few others.
public final class Mailbox implements Attempts.Ends {
  private final Queue<Message> queue = new ConcurrentLinkedQueue<>();
  private final Runnable wakeup;
  private final @Nullable Consumer<Duration> virtualWait;

  /// The loop's thread while it waits for a message.
  private volatile @Nullable Thread waiting;

  /// @param wakeup makes the loop look into the mailbox soon
  public Mailbox(Runnable wakeup) {
    this(wakeup, null);
  }

  private Mailbox(Runnable wakeup, @Nullable Consumer<Duration> virtualWait) {
    this.wakeup = wakeup;
    this.virtualWait = virtualWait;
  }

  /// A mailbox for a loop that is stepped in virtual time.
  ///
  /// @param wait called instead of waiting for a message; it may post some
  public static Mailbox stepped(Consumer<Duration> wait) {
    return new Mailbox(() -> {}, wait);
  }

  @Override
  public void handlerEnded(AttemptKey attempt) {
    post(new Message.HandlerEnded(attempt));
  }

  @Override
  public void notBegun(AttemptKey attempt) {
    post(new Message.NotBegun(attempt));
  }

  @Override
  public void attemptEnded(Finished finished) {
    post(new Message.AttemptEnded(finished));
  }

  // The loop finds it at its next turn.
  private void post(Message message) {
    queue.add(message);
    Thread reader = waiting;
    if (reader != null) {
      LockSupport.unpark(reader);
    }
  }

  /// An order, which the loop is woken up for.
  public void order(Message message) {
    post(message);
    wakeup.run();
  }

  /// Takes all that there is, waiting up to `wait` for a first one. By the loop's thread only.
  List<Message> take(Duration wait) {
    if (queue.isEmpty() && !wait.isZero()) {
      if (virtualWait == null) {
        await(wait.toNanos());
      } else {
        virtualWait.accept(wait);
      }
    }
    List<Message> taken = new ArrayList<>();
    for (Message next = queue.poll(); next != null; next = queue.poll()) {
      taken.add(next);
    }
    return taken;
  }

  // May end early: the loop then turns for nothing.
  private void await(long nanos) {
    waiting = Thread.currentThread();
    if (queue.isEmpty()) {
      LockSupport.parkNanos(this, nanos);
    }
    waiting = null;
  }
}
