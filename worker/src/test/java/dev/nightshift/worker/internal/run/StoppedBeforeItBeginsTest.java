package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Flag;
import dev.nightshift.common.FlagKind;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.Scope;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A handler that was started while others held all processors, and whose queue was stopped before
/// its thread ran.
@Timeout(120)
class StoppedBeforeItBeginsTest {
  private final Queue<String> ran = new ConcurrentLinkedQueue<>();

  private AttemptsFixture noting() {
    return AttemptsFixture.of((event, context) -> ran.add(event.text()));
  }

  private static Flag flag(Scope scope) {
    int generation = scope.canvas().isPresent() ? AttemptsFixture.SHOP.generation() : 0;
    return new Flag(
        "f",
        FlagKind.PAUSE,
        scope,
        generation,
        "ada",
        "why",
        AttemptsFixture.NOW,
        Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "shop/*", "shop/new"})
  void nothing_of_it_runs_until_it_is_started_again(String stopped) throws Exception {
    try (AttemptsFixture run = noting()) {
      AttemptKey key;
      try (Hog hog = new Hog()) {
        key = run.start("late");
        run.control(view -> view.with(flag(Scope.parse(stopped))));
      }
      Conditions.await(() -> !run.notBegun.isEmpty());
      assertEquals(List.of(key), List.copyOf(run.notBegun));
      assertTrue(ran.isEmpty());

      run.control(view -> view.without(flag(Scope.parse(stopped)).key()));
      run.start("again");
      assertEquals(Outcome.COMPLETED, run.finished().outcome());
      assertEquals(List.of("again"), List.copyOf(ran));
      assertEquals(1, run.traces.stored().size());
    }
  }

  @Test
  void it_runs_if_another_queue_was_stopped() throws Exception {
    try (AttemptsFixture run = noting()) {
      try (Hog hog = new Hog()) {
        run.start("late");
        run.control(view -> view.with(flag(Scope.queue("shop", "other"))));
      }
      assertEquals(Outcome.COMPLETED, run.finished().outcome());
      assertEquals(List.of("late"), List.copyOf(ran));
    }
  }

  @Test
  void it_ends_as_lost_if_it_was_handed_back_before() throws Exception {
    try (AttemptsFixture run = noting()) {
      try (Hog hog = new Hog()) {
        AttemptKey key = run.start("late");
        run.control(view -> view.with(flag(Scope.all())));
        run.interrupt(key, Attempts.Interruption.HAND_BACK);
      }
      assertEquals(Outcome.LOST, run.finished().outcome());
      assertTrue(run.notBegun.isEmpty());
      assertTrue(ran.isEmpty());
    }
  }

  /// Holds all threads that virtual threads run on until it is closed.
  private static final class Hog implements AutoCloseable {
    private volatile boolean closed;

    Hog() throws InterruptedException {
      int carriers =
          ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class).getParallelism();
      CountDownLatch held = new CountDownLatch(carriers);
      for (int i = 0; i < carriers; i++) {
        Thread.startVirtualThread(() -> spin(held));
      }
      held.await();
    }

    private void spin(CountDownLatch held) {
      held.countDown();
      while (!closed) {
        Thread.onSpinWait();
      }
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
