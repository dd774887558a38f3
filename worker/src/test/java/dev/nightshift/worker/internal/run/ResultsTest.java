package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.record.Trace;
import dev.nightshift.handler.Codec;
import dev.nightshift.handler.Handler;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a handler returns, and how codecs read and write values.
@Timeout(60)
class ResultsTest {
  @Test
  void text_is_stored_as_text() throws Exception {
    assertResult("text/plain; charset=utf-8", "grüße", new StringBuilder("grüße"));
  }

  @Test
  void bytes_are_stored_as_they_are() throws Exception {
    assertResult(null, "raw", "raw".getBytes(UTF_8));
  }

  @Test
  void false_and_errors_that_are_returned_are_results() throws Exception {
    assertResult("text/plain; charset=utf-8", "false", false);
    assertResult(
        "text/plain; charset=utf-8",
        "java.lang.IllegalStateException: no",
        new IllegalStateException("no"));
  }

  @Test
  void without_a_codec_a_value_is_stored_as_its_text() throws Exception {
    assertResult("text/plain; charset=utf-8", "PT1S", Duration.ofSeconds(1));
  }

  @Test
  void a_codec_writes_values() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((e, c) -> List.of(1, 2), new Pairs())) {
      Trace trace = run.traceOf("");
      assertEquals("application/json", trace.getResultContentType());
      assertEquals("<[1, 2]>", ContextTest.result(trace));
    }
  }

  @Test
  void a_result_that_cannot_be_written_does_not_fail_the_event() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((e, c) -> Map.of(), new Pairs())) {
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
      Trace trace = run.lastTrace();
      assertNull(trace.getResult());
      assertEquals(
          "the result could not be stored: dev.nightshift.handler.CodecException: a"
              + " java.util.ImmutableCollections$MapN cannot be written as application/json:"
              + " java.io.IOException: no maps",
          trace.getReason());
    }
  }

  @Test
  void a_result_without_text_does_not_fail_the_event() throws Exception {
    Object odd =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("no text");
          }
        };
    try (AttemptsFixture run = AttemptsFixture.of((e, c) -> odd)) {
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
      assertEquals(
          "the result could not be stored: java.lang.IllegalStateException: no text",
          run.lastTrace().getReason());
    }
  }

  @Test
  void a_long_result_is_cut() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((e, c) -> "x".repeat(100_000))) {
      Trace trace = run.traceOf("");
      assertEquals(16 << 10, trace.getResult().remaining());
      assertEquals(100_000, trace.getResultBytes());
    }
  }

  @Test
  void a_codec_reads_payloads() throws Exception {
    Handler handler = (event, context) -> event.json() + " and " + event.as(Integer.class);
    try (AttemptsFixture run = AttemptsFixture.of(handler, new Pairs())) {
      assertEquals("json and 17", ContextTest.result(run.traceOf("17")));
    }
  }

  @Test
  void a_payload_that_does_not_fit_says_why() throws Exception {
    Handler handler = (event, context) -> event.as(Integer.class);
    try (AttemptsFixture run = AttemptsFixture.of(handler, new Pairs())) {
      assertEquals(
          "the payload (application/json, 4 bytes) cannot be read as java.lang.Integer:"
              + " java.lang.NumberFormatException: For input string: \"many\"",
          run.traceOf("many").getError().getMessage());
    }
  }

  @Test
  void a_payload_that_is_null_has_no_type() throws Exception {
    Handler handler = (event, context) -> event.as(String.class);
    try (AttemptsFixture run = AttemptsFixture.of(handler, new Pairs())) {
      assertEquals(
          "the payload (application/json, 4 bytes) cannot be read as java.lang.String: it is null",
          run.traceOf("null").getError().getMessage());
    }
  }

  @Test
  void a_missing_codec_is_named() throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> event.json())) {
      assertEquals(
          "test.jar brings no codec for application/json",
          run.traceOf("{}").getError().getMessage());
    }
  }

  @Test
  void another_media_type_needs_another_codec() throws Exception {
    Handler handler = (event, context) -> event.as(Integer.class);
    try (AttemptsFixture run = AttemptsFixture.of(handler, new Pairs())) {
      var record = run.event("17".getBytes(UTF_8));
      AttemptsFixture.put(record, "content-type", "Application/XML; charset=utf-8");
      run.start(record);
      run.finished();
      assertEquals(
          "test.jar brings no codec for application/xml", run.lastTrace().getError().getMessage());
    }
  }

  private static void assertResult(@Nullable String type, String text, Object result)
      throws Exception {
    try (AttemptsFixture run = AttemptsFixture.of((event, context) -> result)) {
      assertEquals(Outcome.COMPLETED, run.run("").outcome());
      Trace trace = run.lastTrace();
      assertEquals(type, trace.getResultContentType());
      assertEquals(text, ContextTest.result(trace));
      assertEquals(text.getBytes(UTF_8).length, trace.getResultBytes());
    }
  }

  /// Reads integers and writes anything but maps.
  private static final class Pairs implements Codec {
    @Override
    public boolean supports(String contentType) {
      return contentType.equals("application/json");
    }

    @Override
    public String contentType() {
      return "application/json";
    }

    @Override
    public @Nullable Object decode(byte[] payload, Type type) {
      String text = new String(payload, UTF_8);
      if (text.equals("null")) {
        return null;
      }
      return type == Object.class ? "json" : Integer.valueOf(text);
    }

    @Override
    public byte[] encode(Object value) throws Exception {
      if (value instanceof Map) {
        throw new java.io.IOException("no maps");
      }
      return ("<" + value + ">").getBytes(UTF_8);
    }
  }
}
