package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.CodecException;
import dev.nightshift.handler.Context;
import dev.nightshift.handler.Handler;
import dev.nightshift.worker.internal.run.AttemptLimits.ChildLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a handler emits.
@Timeout(60)
class ChildrenTest {
  @Test
  void children_and_then_the_trace_belong_to_the_completion() throws Exception {
    Handler handler =
        (event, context) -> context.emit("packed", "one") + " " + context.emit("other", "x", "two");
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      Finished finished = run.run("");
      assertEquals(Outcome.COMPLETED, finished.outcome());
      assertEquals(3, finished.records().size());
      assertEquals(List.of(), run.traces.stored());

      EventEnvelope first = read(finished.records().get(0));
      EventEnvelope second = read(finished.records().get(1));
      Trace trace = AttemptsFixture.decode(finished.records().get(2));
      assertEquals(first.id() + " " + second.id(), ContextTest.result(trace));
      assertEquals("nightshift.events.shop.2", finished.records().get(0).topic());
      assertEquals("nightshift.events.other", finished.records().get(1).topic());
      assertEquals("packed", first.queue());
      assertEquals(Optional.empty(), first.claimedCanvas(), "its topic says it");
      assertEquals(Optional.of("e-0"), first.header("ns-cause"));
      assertEquals(Optional.of("shop/new"), first.header("ce_source"));
      assertEquals(AttemptsFixture.NOW, first.emittedAt());
      assertEquals("one", new String(first.payload(), UTF_8));
      assertEquals(
          List.of("shop/packed " + first.id(), "other/x " + second.id()),
          trace.getChildren().stream()
              .map(c -> c.getCanvas() + "/" + c.getQueue() + " " + c.getEventId())
              .toList());
    }
  }

  @Test
  void children_that_are_due_later_belong_to_it_too() throws Exception {
    Instant due = AttemptsFixture.NOW.plus(Duration.ofDays(1));
    Handler handler =
        (event, context) ->
            context.emitAfter(Duration.ofDays(1), "packed", "one")
                + " "
                + context.emitAt(due, "other", "x", null)
                + " "
                + context.emitAfter(Duration.ZERO, "packed", "at once")
                + " "
                + context.emitAt(AttemptsFixture.NOW, "packed", "at once");
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      List<ProducerRecord<byte[], byte[]>> records = run.run("").records();
      assertEquals(
          List.of(
              "nightshift.delayed",
              "nightshift.delayed",
              "nightshift.events.shop.2",
              "nightshift.events.shop.2",
              "nightshift.traces"),
          records.stream().map(ProducerRecord::topic).toList());
      EventEnvelope first = read(records.get(0));
      EventEnvelope second = read(records.get(1));
      assertEquals("shop/" + first.id(), new String(records.get(0).key(), UTF_8));
      assertEquals("other/" + second.id(), new String(records.get(1).key(), UTF_8));
      assertEquals(Optional.of("2026-11-25T01:02:03.000004Z"), first.header("ns-due"));
      assertEquals(Optional.of("2026-11-25T01:02:03.000004Z"), second.header("ns-due"));
      assertEquals(Optional.of("nightshift.events.shop.2"), first.header("ns-events-topic"));
      assertEquals(Optional.of("nightshift.events.other"), second.header("ns-events-topic"));
      assertEquals(Optional.of("e-0"), first.header("ns-cause"));
      assertArrayEquals(new byte[0], records.get(1).value(), "without a value it would be its end");
      assertEquals(4, AttemptsFixture.decode(records.getLast()).getChildren().size());
    }
  }

  @Test
  void a_child_that_is_due_too_late_is_refused() throws Exception {
    assertEquals(
        "a delay of 367d is not allowed: from 0s to 366d",
        refusal(context -> context.emitAfter(Duration.ofDays(367), "new", "")));
    assertEquals(
        "an event due at 2027-11-26T00:00:00Z is not allowed: at most 366 days ahead, until"
            + " 2027-11-25T01:02:03Z",
        refusal(context -> context.emitAt(Instant.parse("2027-11-26T00:00:00Z"), "new", "")));
  }

  @Test
  void a_handler_that_throws_emits_nothing() throws Exception {
    Handler handler =
        (event, context) -> {
          context.emit("packed", "one");
          throw new IllegalStateException("broken");
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals(List.of(), run.run("").records());
      Trace trace = run.lastTrace();
      assertEquals("child events that were not emitted: 1", trace.getReason());
      assertEquals(List.of(), trace.getChildren());
    }
  }

  @Test
  void a_payload_is_taken_when_it_is_emitted() throws Exception {
    Handler handler =
        (event, context) -> {
          byte[] buffer = {1};
          context.emit("packed", buffer);
          buffer[0] = 2;
          context.emit("packed", buffer);
          context.emit("packed", null);
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      List<ProducerRecord<byte[], byte[]>> records = run.run("").records();
      assertArrayEquals(new byte[] {1}, records.get(0).value());
      assertArrayEquals(new byte[] {2}, records.get(1).value());
      assertArrayEquals(new byte[0], read(records.get(2)).payload());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Shop!|new|canvas name 'Shop!' is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'",
        "shop|a b|queue name 'a b' is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'",
        "nowhere|new|canvas 'nowhere' is not known; create it, or correct the name",
        "gone|new|canvas 'gone' was deleted; nothing can be emitted into it"
      })
  void a_wrong_place_is_refused_at_the_call(String canvas, String queue, String message)
      throws Exception {
    assertEquals(message, refusal(context -> context.emit(canvas, queue, "")));
  }

  @Test
  void a_payload_that_is_too_large_is_refused() throws Exception {
    String message = refusal(context -> context.emit("new", new byte[1 << 20]));
    assertEquals(
        "the child event takes N bytes with its headers, at most 1047552 are allowed; store the"
            + " data elsewhere and emit a reference to it",
        message.replaceAll("takes \\d+", "takes N"));
  }

  @Test
  void too_many_children_are_refused() throws Exception {
    String message =
        refusal(context -> {
          for (int i = 0; i <= 1_000; i++) {
            context.emit("new", null);
          }
        });
    assertEquals("at most 1000 child events are allowed; emit some that emit the others", message);
  }

  @Test
  void too_many_bytes_are_refused() throws Exception {
    AttemptLimits small =
        new AttemptLimits(AttemptLimits.STANDARD.trace(), new ChildLimits(10, 10_000, 9_000));
    String message =
        refusal(
            context -> {
              context.emit("new", new byte[8_000]);
              context.emit("new", new byte[2_000]);
            },
            small);
    assertEquals(
        "the child events would take N bytes together, at most 10000 are allowed; emit some that"
            + " emit the others",
        message.replaceAll("take \\d+", "take N"));
  }

  @Test
  void a_value_without_a_codec_is_refused() throws Exception {
    Handler handler =
        (event, context) ->
            assertThrows(CodecException.class, () -> context.emit("new", List.of(1))).getMessage();
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      assertEquals(
          "a java.util.ImmutableCollections$List12 needs a codec and test.jar brings none",
          ContextTest.result(run.traceOf("")));
    }
  }

  @Test
  void a_thousand_children_fit_into_the_trace() throws Exception {
    Handler handler =
        (event, context) -> {
          for (int i = 0; i < 1_000; i++) {
            context.emit("new", "x");
          }
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler)) {
      List<ProducerRecord<byte[], byte[]>> records = run.run("").records();
      assertEquals(1_001, records.size());
      assertEquals(1_000, AttemptsFixture.decode(records.getLast()).getChildren().size());
    }
  }

  private static String refusal(Emitting emitting) throws Exception {
    return refusal(emitting, AttemptLimits.STANDARD);
  }

  private static String refusal(Emitting emitting, AttemptLimits limits) throws Exception {
    BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    Handler handler =
        (event, context) -> {
          messages.add(
              assertThrows(IllegalArgumentException.class, () -> emitting.emit(context))
                  .getMessage());
          return null;
        };
    try (AttemptsFixture run = AttemptsFixture.of(handler, limits)) {
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
      return messages.take();
    }
  }

  private static EventEnvelope read(ProducerRecord<byte[], byte[]> record) {
    ConsumerRecord<byte[], byte[]> read =
        new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value());
    for (Header header : record.headers()) {
      read.headers().add(header);
    }
    return EventEnvelope.read(read, false);
  }

  private interface Emitting {
    void emit(Context context) throws Exception;
  }
}
