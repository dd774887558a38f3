package dev.nightshift.worker.internal.run;

import dev.nightshift.worker.events.WorkerEvent;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import jdk.management.VirtualThreadSchedulerMXBean;

/// Keeps handlers that never yield from starving the others.
///
/// Virtual threads are carried by as many platform threads as there are processors, and one that
/// computes without blocking keeps its carrier for as long as it likes. The guard's thread
/// therefore starts a virtual thread ten times a second; when that does not run in time it raises
/// the number of carriers, so that the operating system shares the processors among them, and takes
/// it back later. There is one scheduler of virtual threads in a JVM, so one guard is enough.
public final class CarrierGuard implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration IN_TIME = Duration.ofMillis(100);
  private static final int CARRIERS_MAX = 64;

  /// What the JDK allows unless told otherwise.
  private static final int POOL_MAX =
      Integer.getInteger("jdk.virtualThreadScheduler.maxPoolSize", 256);

  private final LongSupplier ended;
  private final Consumer<WorkerEvent> events;
  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
  private final int atFirst = scheduler.getParallelism();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread =
      Thread.ofPlatform().daemon().name("nightshift-carriers").unstarted(this::watch);

  private CarrierGuard(LongSupplier ended, Consumer<WorkerEvent> events) {
    this.ended = ended;
    this.events = events;
  }

  /// Starts to watch.
  ///
  /// @param ended how many attempts have ended so far
  /// @param events told when the number of carriers changes
  public static CarrierGuard start(LongSupplier ended, Consumer<WorkerEvent> events) {
    CarrierGuard guard = new CarrierGuard(ended, events);
    guard.thread.start();
    return guard;
  }

  /// Stops watching and takes back what was raised. Closing twice is safe.
  @Override
  public void close() {
    closing.countDown();
  }

  private void watch() {
    CarrierPolicy policy =
        new CarrierPolicy(atFirst, Math.min(POOL_MAX, Math.max(CARRIERS_MAX, 2 * atFirst)));
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        long endedBefore = ended.getAsLong();
        CountDownLatch canary = new CountDownLatch(1);
        Thread.startVirtualThread(canary::countDown);
        while (!canary.await(IN_TIME.toMillis(), TimeUnit.MILLISECONDS) && closing.getCount() > 0) {
          long endedNow = ended.getAsLong();
          change(policy.late(endedNow - endedBefore, System.nanoTime()));
          endedBefore = endedNow;
        }
        change(policy.ran(System.nanoTime()));
      }
    } catch (InterruptedException e) {
      // nobody does that, but it would mean to end as well
    } finally {
      scheduler.setParallelism(atFirst);
    }
  }

  /// Carriers are made only when work is submitted to a queue that looks empty, and each submitting
  /// thread has a queue: one of many starved threads is full. `setParallelism` submits something,
  /// so a fresh thread must call it. (JDK 25, ForkJoinPool.WorkQueue.push)
  private void change(int carriers) throws InterruptedException {
    int before = scheduler.getParallelism();
    if (before != carriers) {
      Thread.ofPlatform().daemon().start(() -> scheduler.setParallelism(carriers)).join();
      events.accept(new WorkerEvent.CarriersChanged(before, carriers));
    }
  }
}
