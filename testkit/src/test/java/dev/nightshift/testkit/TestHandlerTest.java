package dev.nightshift.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.handler.Handler;
import dev.nightshift.worker.WorkerException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestHandlerTest {
  private final TestHandler greet = TestHandler.of(new Greet());

  @Test
  void aRunTellsWhatATraceTells() {
    HandlerRun run = greet.run(guest("plain"));
    assertEquals("completed", run.outcome());
    assertEquals(Optional.of("hello Ada1"), run.result());
    assertEquals(List.of("parse"), run.steps());
    assertEquals(List.of("greets Ada"), run.logs());
    assertEquals(List.of(), run.children());
    assertEquals("completed, returned hello Ada1", run.toString());
  }

  @Test
  void whatItEmitsIsThereWithItsPayload() {
    HandlerRun.Child child = greet.run(guest("letter")).children().get(0);
    assertEquals("kit", child.canvas());
    assertEquals("letter", child.queue());
    assertEquals(Optional.of("{\"to\":\"Ada\"}"), child.text());
    assertEquals(Optional.empty(), child.due());
  }

  @Test
  void whatItEmitsForLaterIsThereWithItsTime() {
    HandlerRun.Child child = greet.run(guest("later")).children().get(0);
    assertEquals("letter", child.queue());
    assertEquals(Optional.of("Ada"), child.text());
    assertEquals(Optional.of(Greet.LATER), child.due());
  }

  @Test
  void aHandlerThatThrowsIsErrored() {
    HandlerRun run = greet.run(guest("rude"));
    assertEquals("errored", run.outcome());
    assertEquals(Optional.of("java.lang.IllegalStateException: no greeting for Ada"), run.error());
  }

  @Test
  void aPayloadThatDoesNotFitIsToldAsInAWorker() {
    HandlerRun run = greet.run("[1]");
    assertEquals("errored", run.outcome());
    String start =
        "dev.nightshift.handler.CodecException: the payload (application/json, 3 bytes) cannot be"
            + " read as dev.nightshift.testkit.Greet$Guest: ";
    assertEquals(start, run.error().orElseThrow().substring(0, start.length()));
  }

  @Test
  void theTimeLimitOfTheQueueHolds() {
    HandlerRun run = greet.run("kit/hurry", TestEvent.json(guest("slow")));
    assertEquals("timed_out", run.outcome());
    assertEquals(Optional.of("the time limit of 100ms was over"), run.reason());
  }

  @Test
  void withoutOneAHandlerThatHangsFailsTheTest() {
    TestHandler soon = greet.atMost(Duration.ofMillis(100));
    var failure =
        assertThrows(IllegalStateException.class, () -> soon.run(TestEvent.json(guest("slow"))));
    assertEquals("the handler of kit/greet has not ended within 100ms", failure.getMessage());
  }

  @Test
  void aCanvasMustExistToBeEmittedInto() {
    assertEquals(
        Optional.of(
            "java.lang.IllegalArgumentException: canvas 'elsewhere' is not known; create it, or"
                + " correct the name"),
        greet.run(guest("abroad")).error());
    HandlerRun run = greet.withCanvases("elsewhere").run(TestEvent.json(guest("abroad")));
    assertEquals("elsewhere", run.children().get(0).canvas());
  }

  @Test
  void attemptAndDrainingAreTheHandlersToSee() {
    HandlerRun run =
        greet.whileDraining().run(TestEvent.json(guest("plain")).withAttempt(3).withId("e-1"));
    assertEquals(Optional.of("hello Ada, in haste3"), run.result());
    assertEquals("e-1", run.id());
    assertEquals(3, run.attempt());
  }

  @Test
  void aHandlerThatNoWorkerWouldTakeIsRefused() {
    Handler nameless = (event, context) -> null;
    var failure =
        assertThrows(WorkerException.UnusableHandlers.class, () -> TestHandler.of(nameless));
    assertEquals(
        "the handlers in the class path cannot be used, 1 problem:\n- the class path, class "
            + nameless.getClass().getName()
            + ": it has no @Handles, so it serves no queue; put @Handles(canvas = \"...\", queue ="
            + " \"...\") on the class",
        failure.getMessage());
  }

  @Test
  void aQueueThatItDoesNotServeIsRefused() {
    var failure =
        assertThrows(
            IllegalArgumentException.class, () -> greet.run("kit/letter", TestEvent.json("{}")));
    assertEquals(
        "dev.nightshift.testkit.Greet does not serve the queue kit/letter, only [kit/greet,"
            + " kit/hurry]",
        failure.getMessage());
  }

  @Test
  void whatNoEmitterEmitsIsRefused() {
    var reserved = TestEvent.json("{}").withHeader("ns-attempt", "5");
    var failure = assertThrows(IllegalArgumentException.class, () -> greet.run(reserved));
    assertEquals(
        "header 'ns-attempt' is not allowed: names that start with ce_ or ns- are reserved",
        failure.getMessage());
    assertEquals(
        "attempt 6 is not allowed: an event has attempts 1 to 5",
        assertThrows(IllegalArgumentException.class, () -> TestEvent.text("").withAttempt(6))
            .getMessage());
    Instant old = Instant.EPOCH.minusMillis(1);
    assertEquals(
        "emittedAt 1969-12-31T23:59:59.999Z is not allowed: an event's time is from 1970 on",
        assertThrows(
                IllegalArgumentException.class,
                () -> new TestEvent(new byte[0], Optional.empty(), "e1", 1, old, Map.of()))
            .getMessage());
  }

  private static String guest(String manner) {
    return "{\"name\":\"Ada\",\"manner\":\"" + manner + "\"}";
  }
}
