package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceStep;
import dev.nightshift.handler.Context;
import dev.nightshift.handler.Handler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// What a handler may do with its context: notes, time, and its end.
@Timeout(60)
class ContextTest {
  @Test
  void log_lines_are_in_the_trace() throws Exception {
    Handler handler =
        (event, context) -> {
          context.log("first");
          context.log("second");
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      Trace trace = run.traceOf("");
      assertEquals(
          List.of("first", "second"), trace.getLogs().stream().map(l -> l.getLine()).toList());
      assertEquals(AttemptsFixture.NOW, trace.getLogs().get(0).getAt());
      assertEquals(0, trace.getLogsDropped());
    }
  }

  @Test
  void too_many_lines_are_counted() throws Exception {
    Handler handler =
        (event, context) -> {
          for (int i = 0; i < 1_500; i++) {
            context.log("line " + i);
          }
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      Trace trace = run.traceOf("");
      assertEquals(1_000, trace.getLogs().size());
      assertEquals(500, trace.getLogsDropped());
    }
  }

  @Test
  void too_much_text_is_cut_and_counted() throws Exception {
    Handler handler =
        (event, context) -> {
          for (int i = 0; i < 20; i++) {
            context.log("x".repeat(100_000));
          }
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      Trace trace = run.traceOf("");
      assertEquals("x".repeat(3_999) + "…", trace.getLogs().get(0).getLine());
      assertEquals(16, trace.getLogs().size());
      assertEquals(4, trace.getLogsDropped());
    }
  }

  @Test
  void steps_nest_and_tell_how_long_they_took_and_what_they_threw() throws Exception {
    List<AttemptsFixture> fixture = new ArrayList<>();
    Handler handler =
        (event, context) ->
            context.step(
                "outer",
                () -> {
                  fixture.get(0).pass(Duration.ofMillis(5));
                  assertEquals("made", context.step("inner", () -> "made"));
                  assertThrows(
                      IllegalStateException.class,
                      () ->
                          context.step(
                              "bad",
                              () -> {
                                fixture.get(0).pass(Duration.ofMillis(2));
                                throw new IllegalStateException("broken");
                              }));
                  return null;
                });
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      fixture.add(run);
      Trace trace = run.traceOf("");
      assertEquals(
          List.of(
              "0 outer 7000 null",
              "1 inner 0 null",
              "1 bad 2000 java.lang.IllegalStateException: broken"),
          trace.getSteps().stream().map(ContextTest::text).toList());
    }
  }

  @Test
  void steps_of_several_threads_are_all_noted() throws Exception {
    Handler handler =
        (event, context) -> {
          try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> results = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
              String name = "step " + i;
              results.add(threads.submit(() -> context.step(name, () -> name)));
            }
            for (Future<String> result : results) {
              result.get();
            }
          }
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals(50, run.traceOf("").getSteps().size());
    }
  }

  @Test
  void a_step_that_outlives_its_handler_is_told_so() throws Exception {
    CountDownLatch inStep = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    CompletableFuture<String> outliving = new CompletableFuture<>();
    Handler handler =
        (event, context) -> {
          Thread.startVirtualThread(
              () -> outliving.completeAsync(() -> slowStep(context, inStep, ended), Runnable::run));
          inStep.await();
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      Trace trace = run.traceOf("");
      assertEquals(
          List.of("0 slow 0 still running when the handler ended"),
          trace.getSteps().stream().map(ContextTest::text).toList());
      ended.countDown();
      assertEquals("late", outliving.get());
    }
  }

  private static String slowStep(Context context, CountDownLatch inStep, CountDownLatch ended) {
    try {
      return context.step(
          "slow",
          () -> {
            inStep.countDown();
            ended.await();
            return "late";
          });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_time_limit_gives_a_deadline() throws Exception {
    List<AttemptsFixture> fixture = new ArrayList<>();
    Handler handler =
        (event, context) -> {
          assertEquals(Optional.of(AttemptsFixture.NOW.plusSeconds(30)), context.deadline());
          assertEquals(Optional.of(Duration.ofSeconds(30)), context.timeLeft());
          fixture.get(0).pass(Duration.ofSeconds(31));
          assertEquals(Optional.of(Duration.ZERO), context.timeLeft());
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler, Duration.ofSeconds(30))) {
      fixture.add(run);
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
    }
  }

  @Test
  void without_a_time_limit_there_is_no_deadline() throws Exception {
    Handler handler =
        (event, context) -> context.deadline().isPresent() || context.timeLeft().isPresent();
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals("false", result(run.traceOf("")));
    }
  }

  @Test
  void after_the_end_every_call_throws() throws Exception {
    CompletableFuture<Context> leaked = new CompletableFuture<>();
    Handler handler =
        (event, context) -> {
          leaked.complete(context);
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      run.run("");
      Context context = leaked.get();
      List<Executable> calls =
          List.of(
              () -> context.emit("new", null),
              () -> context.emit("shop", "new", null),
              () -> context.log("too late"),
              () -> context.step("too late", () -> "never"),
              () -> context.deadline(),
              () -> context.timeLeft(),
              () -> context.draining(),
              () -> context.canvas());
      for (Executable call : calls) {
        assertEquals(
            "the attempt of event e-0 has ended: its context can only be used until its handler"
                + " returns",
            assertThrows(IllegalStateException.class, call).getMessage());
      }
    }
  }

  @Test
  void the_event_is_what_was_emitted() throws Exception {
    Handler handler =
        (event, context) -> {
          assertEquals("e-0", event.id());
          assertEquals("shop", event.canvas());
          assertEquals("shop", context.canvas());
          assertEquals("new", event.queue());
          assertEquals(2, event.attempt());
          assertEquals("2026-11-24T01:00:00Z", event.emittedAt().toString());
          assertEquals(Optional.of("text/csv"), event.contentType());
          assertEquals("a,b", event.text());
          event.bytes()[0] = 'z';
          assertEquals("a,b", new String(event.bytes(), UTF_8));
          assertEquals("last", event.headers().get("shelf"));
          assertEquals("e-0", event.headers().get(EventHeaders.ID));
          assertThrows(UnsupportedOperationException.class, () -> event.headers().clear());
          assertEquals("event e-0 of shop/new", event.toString());
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      var record = run.event("a,b".getBytes(UTF_8));
      AttemptsFixture.put(record, EventHeaders.CONTENT_TYPE, "text/csv");
      AttemptsFixture.put(record, "shelf", "first");
      AttemptsFixture.put(record, "shelf", "last");
      run.start(record);
      assertEquals(Outcome.COMPLETED, run.finished().outcome());
      Trace trace = run.lastTrace();
      assertEquals(Optional.of("last"), Optional.ofNullable(trace.getHeaders().get("shelf")));
      assertEquals(1, trace.getHeaders().size());
      assertTrue(run.fatal.isEmpty());
    }
  }

  private static String text(TraceStep step) {
    return step.getDepth() + " " + step.getName() + " " + step.getMicros() + " " + step.getError();
  }

  static String result(Trace trace) {
    return UTF_8.decode(trace.getResult()).toString();
  }
}
