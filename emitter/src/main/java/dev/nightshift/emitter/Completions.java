package dev.nightshift.emitter;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.errors.InterruptException;

/// The threads on which an emitter's futures complete, and the count of those that have not. Safe
/// for use by many threads.
///
/// They are the emitter's own because whatever a callback does on the thread that speaks to Kafka
/// holds up everything that is sent; if it waits for an event there, it waits for ever. A fork-join
/// pool has one thread and takes another for each that waits for a future.
final class Completions implements AutoCloseable {
  private final ForkJoinPool threads;

  // Written under the monitor, read by all.
  private volatile Round round = new Round();

  // Guarded by the monitor: done when all rounds before the present one are.
  private CompletableFuture<Void> before = CompletableFuture.completedFuture(null);

  Completions() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    this.threads = new ForkJoinPool(1, pool -> thread(pool, loader), null, true);
  }

  private static ForkJoinWorkerThread thread(ForkJoinPool pool, ClassLoader loader) {
    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
    thread.setName("nightshift-emitted-" + thread.getPoolIndex());
    thread.setContextClassLoader(loader);
    return thread;
  }

  /// The events that were emitted between two flushes. It is over when it is closed and none of its
  /// events is open.
  static final class Round {
    private final AtomicLong open = new AtomicLong(1); // one is the round itself
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private boolean begin() {
      return open.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
    }

    /// An event of this round has ended, and its future is complete.
    void end() {
      if (open.decrementAndGet() == 0) {
        over.complete(null);
      }
    }
  }

  /// An event is about to be sent.
  ///
  /// @return where its end is to be told
  Round begin() {
    while (true) {
      Round present = round;
      if (present.begin()) {
        return present;
      }
    }
  }

  /// Runs what completes a future. The caller does if the emitter was closed meanwhile.
  void run(Runnable completion) {
    try {
      threads.execute(completion);
    } catch (RejectedExecutionException e) {
      completion.run();
    }
  }

  /// Whether this is one of these threads, so that nothing may wait here for others of them.
  boolean isCurrentThread() {
    return ForkJoinTask.getPool() == threads;
  }

  /// Waits until everything that began before has ended; on one of these threads it does not wait.
  ///
  /// @throws InterruptException if this thread is interrupted; it stays so
  void awaitAll(Duration atMost) {
    if (isCurrentThread()) {
      return;
    }
    try {
      closeRound().get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException e) {
      // A callback takes long; there is nothing to be done about it.
    }
  }

  private synchronized CompletableFuture<Void> closeRound() {
    Round last = round;
    before = before.isDone() ? last.over : CompletableFuture.allOf(before, last.over);
    round = new Round();
    last.end();
    return before;
  }

  /// Takes no more; what was taken is done.
  @Override
  public void close() {
    threads.shutdown();
  }
}
