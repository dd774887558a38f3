package dev.nightshift.scheduler.internal.thread;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A daemon thread that works until it is ended. Safe for use by many threads.
public final class OwnThread {
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread;

  /// What the thread does.
  public interface Work {
    /// Works until [#isEnding].
    ///
    /// @throws InterruptedException when the thread is to end
    void run() throws InterruptedException;
  }

  /// A thread that is not started.
  ///
  /// @param failed told what the work throws, unless the thread is to end
  /// @param last runs on the thread in the end, when it does not look interrupted: frees what the
  ///   work holds
  public OwnThread(String name, Consumer<Throwable> failed, Work work, Runnable last) {
    this.thread = new Thread(() -> run(failed, work, last), name);
    thread.setDaemon(true);
  }

  private void run(Consumer<Throwable> failed, Work work, Runnable last) {
    try {
      work.run();
    } catch (
        Throwable thrown) { // Whatever a question to Kafka throws that is woken or interrupted.
      if (!isEnding() || thrown instanceof Error) {
        failed.accept(thrown);
      }
    } finally {
      Thread.interrupted();
      last.run();
    }
  }

  /// Starts it.
  public void start() {
    thread.start();
  }

  /// Whether it is to end.
  public boolean isEnding() {
    return ending.getCount() == 0;
  }

  /// Lets the thread rest, which calls this.
  ///
  /// @return whether it goes on; false if it is to end
  public boolean rest(Duration pause) throws InterruptedException {
    return !ending.await(pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Ends it and waits a moment for it.
  ///
  /// @param wake makes it look whether it is to end
  /// @param most the longest wait
  public void end(Runnable wake, Duration most) {
    ending.countDown();
    wake.run();
    try {
      thread.join(most);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it and waits a moment for it.
  ///
  /// @param byItself so long it may come to its end by itself; then it is interrupted
  /// @param most so long it is waited for after that
  public void end(Duration byItself, Duration most) {
    ending.countDown();
    try {
      if (!thread.join(byItself)) {
        thread.interrupt();
        thread.join(most);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
