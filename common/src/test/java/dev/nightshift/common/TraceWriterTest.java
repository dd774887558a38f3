package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceChild;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Any trace, written by Avro and by us. A test's name is its seed.
class TraceWriterTest {
  @TestFactory
  Stream<DynamicTest> writesTheBytesThatAvroWrites() {
    DatumWriter<Trace> avros = RecordCodec.avros(Trace.getClassSchema());
    RecordBytes out = new RecordBytes();
    return LongStream.range(0, 200)
        .mapToObj(seed ->
            DynamicTest.dynamicTest(
                "seed " + seed,
                () -> {
                  Trace trace = new Any(new Random(seed)).trace();
                  byte[] expected = written(avros, trace);
                  for (int time = 0; time < 2; time++) { // the second time names are known
                    out.clear();
                    new TraceWriter().write(trace, out);
                    assertArrayEquals(expected, out.copy());
                  }
                }));
  }

  private static byte[] written(DatumWriter<Trace> writer, Trace trace) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
    writer.write(trace, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  private record Any(Random random) {
    Trace trace() {
      Trace trace = new Trace();
      trace.setCanvas(text());
      trace.setQueue(text());
      trace.setEventId(text());
      trace.setAttempt(random.nextInt());
      trace.setOutcome(text());
      trace.setWorker(text());
      trace.setHost(text());
      trace.setOrigin(text());
      trace.setSource(text());
      trace.setCause(perhaps(this::text));
      trace.setTraceParent(perhaps(this::text));
      trace.setEmittedAt(instant());
      trace.setStartedAt(perhaps(this::instant));
      trace.setEndedAt(instant());
      trace.setContentType(perhaps(this::text));
      trace.setInput(bytes());
      trace.setInputBytes(random.nextInt());
      trace.setHeaders(random.nextBoolean() ? Map.of() : Map.of(text(), text()));
      trace.setResultContentType(perhaps(this::text));
      trace.setResult(perhaps(this::bytes));
      trace.setResultBytes(random.nextInt());
      trace.setError(perhaps(() -> new TraceError(text(), text(), text())));
      trace.setReason(perhaps(this::text));
      trace.setLogs(some(() -> new TraceLog(instant(), text())));
      trace.setLogsDropped(random.nextInt());
      trace.setSteps(
          some(() ->
              new TraceStep(
                  text(), random.nextInt(), instant(), random.nextLong(), perhaps(this::text))));
      trace.setStepsDropped(random.nextInt());
      trace.setChildren(some(() -> new TraceChild(text(), text(), text())));
      trace.setHistory(text());
      return trace;
    }

    private String text() {
      return random
          .ints(random.nextInt(20), 1, 0xD7FF)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }

    private Instant instant() {
      return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000));
    }

    private ByteBuffer bytes() {
      byte[] bytes = new byte[random.nextInt(300)];
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length + 1);
      return ByteBuffer.wrap(bytes, from, bytes.length - from);
    }

    private <T> @Nullable T perhaps(Supplier<T> value) {
      return random.nextBoolean() ? null : value.get();
    }

    private <T> List<T> some(Supplier<T> value) {
      return Stream.generate(value).limit(random.nextInt(4)).toList();
    }
  }
}
