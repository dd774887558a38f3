package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.handler.Handler;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which attempts leave a trace.
@Timeout(60)
class TraceLevelTest {
  private static final Handler RETURNS = (event, context) -> null;
  private static final Handler EMITS = (event, context) -> context.emit("new", "child");
  private static final Handler THROWS =
      (event, context) -> {
        throw new IllegalStateException("broken");
      };

  @Test
  void what_completed_leaves_none_where_only_errors_are_wanted() throws Exception {
    assertEquals(0, traces(RETURNS, TraceLevel.ERRORS, Outcome.COMPLETED));
    assertEquals(1, traces(THROWS, TraceLevel.ERRORS, Outcome.ERRORED));
  }

  @Test
  void nothing_that_a_handler_ended_leaves_one_where_none_is_wanted() throws Exception {
    assertEquals(0, traces(RETURNS, TraceLevel.OFF, Outcome.COMPLETED));
    assertEquals(0, traces(THROWS, TraceLevel.OFF, Outcome.ERRORED));
  }

  @Test
  void what_emitted_leaves_one_with_its_children_whatever_is_wanted() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of(EMITS, TraceLevel.OFF)) {
      Finished finished = run.run("hello");
      assertEquals(Outcome.COMPLETED, finished.outcome());
      assertEquals(
          List.of(AttemptsFixture.SHOP.topic(), "nightshift.traces"),
          finished.records().stream().map(record -> record.topic()).toList());
    }
  }

  @Test
  void a_level_is_named_in_lower_case() {
    assertEquals(TraceLevel.ERRORS, TraceLevel.named("errors"));
    assertEquals(
        "traces 'some' are not allowed: on, errors or off",
        assertThrows(IllegalArgumentException.class, () -> TraceLevel.named("some")).getMessage());
  }

  private static int traces(Handler handler, TraceLevel level, Outcome expected)
      throws InterruptedException {
    try (AttemptsFixture run = AttemptsFixture.of(handler, level)) {
      Finished finished = run.run("hello");
      assertEquals(new Finished(finished.key(), expected, List.of()), finished);
      return run.traces.stored().size();
    }
  }
}
