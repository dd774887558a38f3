package dev.nightshift.worker.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.events.WorkerEvent;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Attempts end even if their traces cannot be written.
@Timeout(60)
class BrokenTraceStoreTest {
  @Test
  void a_minimal_trace_takes_the_place_of_one_that_cannot_be_written() throws Exception {
    try (AttemptsFixture run =
        AttemptsFixture.of((e, c) -> "fine", refusing(trace -> trace.getInputBytes() > 0))) {
      assertEquals(Outcome.COMPLETED, run.run("some").outcome());
      Trace trace = run.lastTrace();
      assertEquals("completed", trace.getOutcome());
      assertEquals("e-0", trace.getEventId());
      assertEquals(2, trace.getAttempt());
      assertEquals("the trace could not be built; the worker's log says why", trace.getReason());
      assertInstanceOf(WorkerEvent.TraceNotBuilt.class, run.events.remove());
      assertEquals(0, run.events.size());
    }
  }

  @Test
  void without_any_trace_the_attempt_ends_and_its_children_are_emitted() throws Exception {
    try (AttemptsFixture run =
        AttemptsFixture.of((e, c) -> c.emit("new", "x"), refusing(trace -> true))) {
      Finished finished = run.run("some");
      assertEquals(Outcome.COMPLETED, finished.outcome());
      assertEquals(
          List.of("nightshift.events.shop.2"),
          finished.records().stream().map(ProducerRecord::topic).toList());
      assertEquals(2, run.events.size());
    }
  }

  @Test
  void without_any_trace_and_children_the_attempt_ends() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((e, c) -> null, refusing(trace -> true))) {
      assertEquals(Outcome.COMPLETED, run.run("some").outcome());
    }
  }

  private static UnaryOperator<TraceStore> refusing(Predicate<Trace> refused) {
    return store -> new Refusing(refused, store);
  }

  /// Cannot write some traces.
  private record Refusing(Predicate<Trace> refused, TraceStore store) implements TraceStore {
    @Override
    public void send(Trace trace, Runnable stored) {
      check(trace);
      store.send(trace, stored);
    }

    @Override
    public ProducerRecord<byte[], byte[]> toRecord(Trace trace) {
      check(trace);
      return store.toRecord(trace);
    }

    @Override
    public void close() {}

    private void check(Trace trace) {
      if (refused.test(trace)) {
        throw new IllegalArgumentException("cannot be written");
      }
    }
  }
}
