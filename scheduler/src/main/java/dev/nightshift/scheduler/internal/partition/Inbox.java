package dev.nightshift.scheduler.internal.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What is handed to a partition's thread, in order. Many threads write, one reads. Bounded: who
/// reads the log stops when [#hasRoom] says no; of all else there is one at a time.
public final class Inbox {
  private static final int READS_MAX = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Deque<Message> messages = new ArrayDeque<>();
  private int reads;
  private boolean controlChanged;

  /// Hands a message in; never waits.
  public void post(Message message) {
    lock.lock();
    try {
      if (message instanceof Message.ControlChanged) {
        if (controlChanged) {
          return;
        }
        controlChanged = true;
      }
      if (message instanceof Message.Read) {
        reads++;
      }
      messages.add(message);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Whether more of the log may be handed in.
  public boolean hasRoom() {
    lock.lock();
    try {
      return reads < READS_MAX;
    } finally {
      lock.unlock();
    }
  }

  /// All that is there; waits for something.
  ///
  /// @param nanos the longest wait; none if it is not positive
  List<Message> take(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (messages.isEmpty() && left > 0) {
        left = filled.awaitNanos(left);
      }
      List<Message> taken = new ArrayList<>(messages);
      messages.clear();
      reads = 0;
      controlChanged = false;
      return taken;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a partition's thread", e);
    } finally {
      lock.unlock();
    }
  }
}
