package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.internal.run.Attempts.Interruption;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// How an attempt's end becomes its outcome and its trace.
@Timeout(60)
class OutcomesTest {
  @Test
  void a_handler_that_returns_has_completed() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> null)) {
      AttemptKey key = run.start("hello");
      assertEquals(new Finished(key, Outcome.COMPLETED, List.of()), run.finished());
      Trace trace = run.lastTrace();
      assertEquals("completed", trace.getOutcome());
      assertEquals("shop", trace.getCanvas());
      assertEquals("new", trace.getQueue());
      assertEquals("e-0", trace.getEventId());
      assertEquals(2, trace.getAttempt());
      assertEquals("till-4", trace.getSource());
      assertEquals("w1", trace.getWorker());
      assertEquals("host1", trace.getHost());
      assertEquals("nightshift.events.shop.2/3/0", trace.getOrigin());
      assertEquals(AttemptsFixture.NOW, trace.getStartedAt());
      assertEquals(AttemptsFixture.NOW, trace.getEndedAt());
      assertEquals(5, trace.getInputBytes());
      assertNull(trace.getResult());
      assertNull(trace.getError());
      assertNull(trace.getReason());
    }
  }

  static List<Throwable> throwables() {
    return List.of(
        new IllegalStateException("broken"),
        new IOException("broken"),
        new InterruptedException("broken"),
        new AssertionError("broken"),
        new NoClassDefFoundError("broken"),
        new ExceptionInInitializerError("broken"),
        new StackOverflowError("broken"),
        new Error("broken"));
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void what_a_handler_throws_is_an_error(Throwable thrown) throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of(throwing(thrown))) {
      assertEquals(Outcome.ERRORED, run.run("").outcome());
      Trace trace = run.lastTrace();
      assertEquals("errored", trace.getOutcome());
      assertEquals(thrown.getClass().getName(), trace.getError().getType());
      assertEquals("broken", trace.getError().getMessage());
      assertTrue(trace.getError().getStack().startsWith(thrown + "\n  at "));
      assertTrue(run.fatal.isEmpty());
    }
  }

  static List<Throwable> fatal() {
    return List.of(new OutOfMemoryError("Java heap space"), new InternalError("odd"));
  }

  @ParameterizedTest
  @MethodSource("fatal")
  void an_untrustworthy_jvm_ends(Throwable thrown) throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of(throwing(thrown))) {
      run.run("");
      assertEquals(List.of(thrown), List.copyOf(run.fatal));
    }
  }

  @Test
  void a_stack_overflow_breaks_nothing_for_the_next_event() throws Exception {
    Handler recursive =
        new Handler() {
          @Override
          public Object handle(
              dev.nightshift.handler.Event event, dev.nightshift.handler.Context context)
              throws Exception {
            if (event.text().isEmpty()) {
              return "fine";
            }
            context.log("deeper");
            return context.step("deeper", () -> handle(event, context)) + event.id();
          }
        };
    try (AttemptsFixture run = AttemptsFixture.of(recursive)) {
      assertEquals(Outcome.ERRORED, run.run("recurse").outcome());
      Trace trace = run.lastTrace();
      assertEquals("java.lang.StackOverflowError", trace.getError().getType());
      assertEquals(200, trace.getSteps().size());
      assertTrue(trace.getStepsDropped() > 0);
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
      assertTrue(run.events.isEmpty());
    }
  }

  @Test
  void an_exception_whose_methods_throw_is_still_an_error() throws Exception {
    class Evil extends RuntimeException {
      private static final long serialVersionUID = 1L;

      @Override
      public String getMessage() {
        throw new AssertionError("no message for you");
      }

      @Override
      public synchronized Throwable getCause() {
        return new Evil();
      }
    }
    try (AttemptsFixture run = AttemptsFixture.of(throwing(new Evil()))) {
      assertEquals(Outcome.ERRORED, run.run("").outcome());
      assertEquals(
          "(its message could not be read: java.lang.AssertionError)",
          run.lastTrace().getError().getMessage());
      assertTrue(run.events.isEmpty());
    }
  }

  @Test
  void the_causes_are_told_once_each() throws Exception {
    Handler handler =
        (event, context) -> {
          try {
            throw new IOException("disk");
          } catch (IOException e) {
            IllegalStateException outer = new IllegalStateException("shelf", e);
            outer.addSuppressed(new RuntimeException("door"));
            throw outer;
          }
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals(
          """
          java.lang.IllegalStateException: shelf
            at HERE
            Suppressed: java.lang.RuntimeException: door
          Caused by: java.io.IOException: disk
            at HERE
          """,
          run.traceOf("").getError().getStack().replaceAll("at dev.nightshift.+", "at HERE"));
    }
  }

  @Test
  void a_handler_over_its_time_limit_has_timed_out() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Handler handler =
        (event, context) -> {
          context.emit("other", "dropped");
          running.countDown();
          new Semaphore(0).acquire();
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler, Duration.ofSeconds(90))) {
      AttemptKey key = run.start("");
      running.await();
      run.interrupt(key, Interruption.TIME_LIMIT);
      assertEquals(new Finished(key, Outcome.TIMED_OUT, List.of()), run.finished());
      Trace trace = run.lastTrace();
      assertEquals("timed_out", trace.getOutcome());
      assertEquals(
          "the time limit of 1m30s was over; child events that were not emitted: 1",
          trace.getReason());
      assertEquals("java.lang.InterruptedException", trace.getError().getType());
      assertEquals(List.of(), trace.getChildren());
    }
  }

  @Test
  void a_handler_that_swallows_the_interrupt_has_timed_out_all_the_same() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Semaphore swallowed = new Semaphore(0);
    Handler handler =
        (event, context) -> {
          running.countDown();
          swallowed.acquireUninterruptibly();
          return "done nevertheless";
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler, Duration.ofSeconds(30))) {
      AttemptKey key = run.start("");
      running.await();
      run.interrupt(key, Interruption.TIME_LIMIT);
      assertTrue(run.mailbox.isEmpty());
      swallowed.release();
      assertEquals(Outcome.TIMED_OUT, run.finished().outcome());
      assertEquals(17, run.lastTrace().getResultBytes());
    }
  }

  @Test
  void a_hand_back_leaves_no_trace() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    Handler handler =
        (event, context) -> {
          running.countDown();
          new Semaphore(0).acquire();
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler, Duration.ofSeconds(30))) {
      AttemptKey key = run.start("");
      running.await();
      run.interrupt(key, Interruption.HAND_BACK);
      run.interrupt(key, Interruption.TIME_LIMIT);
      assertEquals(new Finished(key, Outcome.LOST, List.of()), run.finished());
      assertEquals(List.of(), run.traces.stored());
    }
  }

  @Test
  void an_interrupt_after_the_end_is_not_heard() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> null)) {
      run.traces.hold();
      AttemptKey key = run.start("");
      Conditions.await(() -> !run.traces.stored().isEmpty());
      run.interrupt(key, Interruption.TIME_LIMIT);
      run.traces.release();
      assertEquals(Outcome.COMPLETED, run.finished().outcome());
    }
  }

  @Test
  void an_attempt_ends_only_when_its_trace_is_stored_though_its_handler_has_before()
      throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> null)) {
      run.traces.hold();
      AttemptKey key = run.start("");
      Conditions.await(() -> !run.handlersEnded.isEmpty());
      assertEquals(List.of(key), List.copyOf(run.handlersEnded));
      assertTrue(run.mailbox.isEmpty());
      run.traces.release();
      assertEquals(Outcome.COMPLETED, run.finished().outcome());
    }
  }

  @Test
  void a_draining_worker_tells_its_handlers() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> context.draining())) {
      assertEquals(5, run.traceOf("").getResultBytes());
      run.attempts.drain();
      assertEquals(4, run.traceOf("").getResultBytes());
    }
  }

  @Test
  void a_handler_runs_on_a_virtual_thread_with_its_own_class_loader() throws Exception {
    Handler handler =
        (event, context) -> {
          Thread thread = Thread.currentThread();
          assertTrue(thread.isVirtual());
          assertEquals("shop/new", thread.getName());
          assertEquals(OutcomesTest.class.getClassLoader(), thread.getContextClassLoader());
          assertFalse(thread.isInterrupted());
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
    }
  }

  private static Handler throwing(Throwable thrown) {
    return (event, context) -> {
      switch (thrown) {
        case Exception e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(thrown);
      }
    };
  }
}
