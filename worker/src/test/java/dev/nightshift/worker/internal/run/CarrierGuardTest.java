package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.worker.events.WorkerEvent;
import java.lang.management.ManagementFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CarrierGuardTest {
  private final VirtualThreadSchedulerMXBean scheduler =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);

  /// Without the guard it would never start. With it, after two or three tenths of a second on an
  /// idle machine.
  @Test
  void a_new_thread_runs_beside_threads_that_never_yield() throws Exception {
    int carriers = scheduler.getParallelism();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger spinning = new AtomicInteger();
    Queue<WorkerEvent> events = new ConcurrentLinkedQueue<>();
    CarrierGuard guard = CarrierGuard.start(() -> 0, events::add);
    try {
      for (int i = 0; i < carriers + 4; i++) {
        Thread.startVirtualThread(() -> spin(spinning, stop));
      }
      Conditions.await(() -> spinning.get() >= carriers);
      CountDownLatch ran = new CountDownLatch(1);
      Thread.startVirtualThread(ran::countDown);
      assertTrue(ran.await(10, TimeUnit.SECONDS));
      assertEquals(new WorkerEvent.CarriersChanged(carriers, 2 * carriers), events.peek());
    } finally {
      stop.set(true);
      guard.close();
      guard.close();
    }
    Conditions.await(() -> scheduler.getParallelism() == carriers);
  }

  private static void spin(AtomicInteger spinning, AtomicBoolean stop) {
    spinning.incrementAndGet();
    while (!stop.get()) {
      Thread.onSpinWait();
    }
  }
}
