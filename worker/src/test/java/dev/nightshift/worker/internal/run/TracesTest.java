package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TracePlace;
import dev.nightshift.common.TraceReasons;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TracesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T01:02:03.000004Z");

  private final Traces traces =
      new Traces(new WorkerIdentity("w1", "host1"), AttemptLimits.STANDARD.trace());

  @ParameterizedTest
  @EnumSource(names = {"NO_HANDLER", "CANVAS_DELETED", "EXHAUSTED", "CANCELLED", "LOST"})
  void an_event_that_no_handler_ended_has_a_reason(Outcome outcome) {
    ConsumerRecord<byte[], byte[]> record = event("payload");
    AttemptsFixture.put(record, "ns-attempt", "3");
    AttemptsFixture.put(record, "ns-origin", "nightshift.events.shop/1/44");
    AttemptsFixture.put(record, "ns-history", "1 w0 2026-11-24T00:00:00Z died");
    AttemptsFixture.put(record, "ns-cause", "parent");
    AttemptsFixture.put(record, "traceparent", "00-1-2-01");
    AttemptsFixture.put(record, "content-type", "text/plain");
    AttemptsFixture.put(record, "tracestate", "a=b");
    Trace trace =
        traces.withoutHandler(EventEnvelope.read(record, true), "shop", outcome, "because", NOW);
    assertEquals(outcome.label(), trace.getOutcome());
    assertEquals("because", trace.getReason());
    assertEquals("nightshift.events.shop/1/44", trace.getOrigin());
    assertEquals("1 w0 2026-11-24T00:00:00Z died", trace.getHistory());
    assertEquals(3, trace.getAttempt());
    assertEquals("parent", trace.getCause());
    assertEquals("00-1-2-01", trace.getTraceParent());
    assertEquals("text/plain", trace.getContentType());
    assertEquals(Map.of("tracestate", "a=b"), trace.getHeaders());
    assertEquals("payload", UTF_8.decode(trace.getInput()).toString());
    assertNull(trace.getStartedAt());
    assertEquals(NOW, trace.getEndedAt());
    assertEquals("w1", trace.getWorker());
  }

  @Test
  void a_record_that_is_no_event_has_its_place_as_its_id() {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("nightshift.events.shop", 2, 17, null, "junk".getBytes(UTF_8));
    Trace trace = traces.undecodable(record, Optional.empty(), "it has no header ce_type", NOW);
    assertEquals("nightshift.events.shop/2/17", trace.getEventId());
    assertEquals("", trace.getCanvas());
    assertEquals("", trace.getQueue());
    assertEquals(0, trace.getAttempt());
    assertEquals("undecodable", trace.getOutcome());
    assertEquals("it has no header ce_type", trace.getReason());
    assertEquals("/nightshift.events.shop/2/17/0", TraceRecords.key(trace));
  }

  @Test
  void a_record_without_a_value_has_an_empty_input() {
    @SuppressWarnings("NullAway") // Kafka's tombstones are null
    ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("t", 0, 0, null, null);
    Trace trace = traces.undecodable(record, Optional.of("shop"), "no", NOW);
    assertEquals(0, trace.getInputBytes());
    assertEquals(0, trace.getInput().remaining());
  }

  @Test
  void the_input_and_foreign_headers_are_cut() {
    ConsumerRecord<byte[], byte[]> record = event("x".repeat(100_000));
    for (int i = 0; i < 100; i++) {
      AttemptsFixture.put(record, "header-" + i, "y".repeat(50_000));
    }
    Trace trace = traces.of(EventEnvelope.read(record, false), "shop");
    assertEquals(32 << 10, trace.getInput().remaining());
    assertEquals(100_000, trace.getInputBytes());
    assertEquals(16, trace.getHeaders().size());
    assertEquals("y".repeat(1_000), trace.getHeaders().get("header-0"));
    assertFalse(TraceReasons.hasAllHeaders(trace));
  }

  @Test
  void a_trace_says_that_its_headers_are_not_whole() {
    assertNull(with("tenant", "y".repeat(1_000)).getReason());
    String said =
        "the trace has not all headers as they were: they are too large, twice there, or no text";
    for (String name : List.of("ce_source", "content-type", "traceparent", "ns-cause", "tenant")) {
      assertEquals(said, with(name, "y".repeat(1_001)).getReason(), name);
    }
    ConsumerRecord<byte[], byte[]> many = event("");
    for (int i = 0; i < 100; i++) {
      AttemptsFixture.put(many, "header-" + i, "y".repeat(300));
    }
    assertEquals(said, traces.of(EventEnvelope.read(many, false), "shop").getReason());
    ConsumerRecord<byte[], byte[]> twice = event("");
    AttemptsFixture.put(twice, "tenant", "a");
    AttemptsFixture.put(twice, "tenant", "b");
    assertEquals(said, traces.of(EventEnvelope.read(twice, false), "shop").getReason());
    ConsumerRecord<byte[], byte[]> binary = event("");
    binary.headers().add("tenant", new byte[] {(byte) 0xff});
    assertEquals(said, traces.of(EventEnvelope.read(binary, false), "shop").getReason());
    for (String name : List.of("ce_source", "content-type", "tenant")) {
      ConsumerRecord<byte[], byte[]> empty = event("");
      empty.headers().add(name, null);
      EventEnvelope event = EventEnvelope.read(empty, false);
      assertEquals(
          "because; " + said,
          traces.withoutHandler(event, "shop", Outcome.LOST, "because", NOW).getReason(),
          name);
    }
  }

  private Trace with(String name, String value) {
    ConsumerRecord<byte[], byte[]> record = event("");
    AttemptsFixture.put(record, name, value);
    return traces.of(EventEnvelope.read(record, false), "shop");
  }

  @Test
  void a_trace_that_lost_its_headers_says_so() {
    Trace trace = with("tenant", "t1");
    assertTrue(TraceReasons.hasAllHeaders(trace));
    TraceCut.LOGS.apply(trace);
    assertTrue(TraceReasons.hasAllHeaders(trace));
    TraceCut.HEADERS.apply(trace);
    assertEquals("the trace was too large and lost its headers", trace.getReason());
    assertFalse(TraceReasons.hasAllHeaders(trace));
  }

  @Test
  void a_record_is_placed_by_its_event() {
    Trace trace = traces.of(EventEnvelope.read(event(""), false), "shop");
    trace.setOutcome("completed");
    trace.setEndedAt(NOW);
    ProducerRecord<byte[], byte[]> record =
        new TraceRecords("nightshift.traces", 1 << 20).record(trace, OptionalInt.of(6));
    assertEquals("shop/e1/1", new String(record.key(), UTF_8));
    assertEquals(
        Optional.of(TracePlace.partition("shop", "e1", 6)),
        Optional.ofNullable(record.partition()));
    assertNull(
        new TraceRecords("nightshift.traces", 1 << 20)
            .record(trace, OptionalInt.empty())
            .partition());
  }

  @Test
  void a_trace_that_is_too_large_gives_up_its_parts_until_it_fits() {
    ProducerRecord<byte[], byte[]> record =
        new TraceRecords("t", 100_000).record(fullTrace(), OptionalInt.of(1));
    assertTrue(record.value().length <= 100_000);
    Trace read = AttemptsFixture.decode(record);
    assertEquals(0, read.getLogs().size());
    assertEquals(1_003, read.getLogsDropped());
    assertEquals(0, read.getSteps().size());
    assertEquals(202, read.getStepsDropped());
    assertEquals(32 << 10, read.getInput().remaining());
    assertEquals(
        "the trace was too large and lost its logs; the trace was too large and lost its steps",
        read.getReason());
  }

  @Test
  void the_largest_trace_can_become_small() {
    ProducerRecord<byte[], byte[]> record =
        new TraceRecords("t", 4_000).record(fullTrace(), OptionalInt.of(1));
    assertTrue(record.value().length <= 4_000, "has " + record.value().length);
  }

  /// A trace with as much of everything as an attempt may leave.
  static Trace fullTrace() {
    Traces traces = new Traces(new WorkerIdentity("w1", "host1"), AttemptLimits.STANDARD.trace());
    ConsumerRecord<byte[], byte[]> record = event("x".repeat(40_000));
    AttemptsFixture.put(record, "extra", "y".repeat(1_000));
    Trace trace = traces.of(EventEnvelope.read(record, false), "shop");
    trace.setOutcome("errored");
    trace.setStartedAt(NOW);
    trace.setEndedAt(NOW);
    trace.setHistory("h".repeat(4_000));
    trace.setResult(ByteBuffer.wrap(new byte[16 << 10]));
    trace.setError(new TraceError("Boom", "m".repeat(4_000), "s".repeat(16_000)));
    trace.setLogsDropped(3);
    trace.setLogs(Collections.nCopies(1_000, new TraceLog(NOW, "l".repeat(64))));
    trace.setStepsDropped(2);
    trace.setSteps(
        Collections.nCopies(200, new TraceStep("n".repeat(200), 0, NOW, 1L, "e".repeat(300))));
    trace.setChildren(Collections.nCopies(50, new TraceChild("shop", "new", "i".repeat(36))));
    return trace;
  }

  private static ConsumerRecord<byte[], byte[]> event(String payload) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("nightshift.events.shop", 1, 44, null, payload.getBytes(UTF_8));
    AttemptsFixture.put(record, "ce_id", "e1");
    AttemptsFixture.put(record, "ce_type", "new");
    AttemptsFixture.put(record, "ce_source", "till-4");
    return record;
  }
}
