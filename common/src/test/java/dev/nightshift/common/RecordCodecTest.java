package dev.nightshift.common;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightshift.common.RecordCodec.UndecodableRecordException;
import dev.nightshift.common.record.CanvasRecord;
import dev.nightshift.common.record.CanvasState;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.TraceError;
import dev.nightshift.common.record.TraceLog;
import dev.nightshift.common.record.TraceStep;
import dev.nightshift.common.record.WorkerRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  private static final CanvasRecord SHOP =
      new CanvasRecord(
          "shop",
          2,
          "nightshift.events.shop.2",
          "nightshift.workers",
          CanvasState.ACTIVE,
          "anna",
          Instant.parse("2026-11-23T10:00:00.123456Z"));

  @Test
  void whatWasEncodedIsDecoded() {
    assertEquals(SHOP, RecordCodec.CANVASES.decode(RecordCodec.CANVASES.encode(SHOP)));

    Trace trace = trace(new byte[] {1, 2, 3});
    assertEquals(trace, RecordCodec.TRACES.decode(RecordCodec.TRACES.encode(trace)));
  }

  @Test
  void theBytesAreAvrosSingleObjectEncoding() throws IOException {
    ByteBuffer expected = CanvasRecord.getEncoder().encode(SHOP);
    byte[] bytes = new byte[expected.remaining()];
    expected.get(bytes);

    assertArrayEquals(bytes, RecordCodec.CANVASES.encode(SHOP));
  }

  @Test
  void aThreadsBufferHoldsNothingOfTheRecordBefore() {
    byte[] small = RecordCodec.CANVASES.encode(SHOP);
    RecordCodec.TRACES.encode(trace(new byte[3 << 20]));

    assertArrayEquals(small, RecordCodec.CANVASES.encode(SHOP));
  }

  @Test
  void anOlderVersionsRecordIsReadWithItsOwnSchema() throws IOException {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Trace", "namespace": "dev.nightshift.common.record",
                 "fields": [
                   {"name": "canvas", "type": "string"},
                   {"name": "queue", "type": "string"},
                   {"name": "eventId", "type": "string"},
                   {"name": "attempt", "type": "int"},
                   {"name": "outcome", "type": "string"},
                   {"name": "worker", "type": "string"},
                   {"name": "host", "type": "string"},
                   {"name": "origin", "type": "string"},
                   {"name": "emittedAt", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                   {"name": "endedAt", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                   {"name": "input", "type": "bytes"},
                   {"name": "inputBytes", "type": "int"}
                 ]}
                """);
    GenericRecord old = new GenericData.Record(older);
    for (String field : List.of("canvas", "queue", "eventId", "worker", "host", "origin")) {
      old.put(field, field + "!");
    }
    old.put("attempt", 3);
    old.put("outcome", "completed");
    old.put("emittedAt", 0L);
    old.put("endedAt", 1_000_001L);
    old.put("input", ByteBuffer.wrap(new byte[] {7}));
    old.put("inputBytes", 1);
    byte[] bytes =
        new BinaryMessageEncoder<GenericRecord>(new GenericData(), older).encode(old).array();
    int length =
        new BinaryMessageEncoder<GenericRecord>(new GenericData(), older).encode(old).remaining();
    byte[] written = Arrays.copyOf(bytes, length);

    Trace read = new RecordCodec<>(Trace.class, Trace.getClassSchema(), older).decode(written);

    assertEquals("queue!", read.getQueue());
    assertEquals(3, read.getAttempt());
    assertEquals(Instant.parse("1970-01-01T00:00:01.000001Z"), read.getEndedAt());
    assertEquals(List.of(), read.getChildren());
    assertEquals("", read.getHistory());
  }

  /// Workers of two versions hear of each other while a fleet is upgraded.
  @Test
  void aWorkerThatDoesNotSayItsVersionYetIsHeardOf() throws IOException {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "WorkerRecord", "namespace": "dev.nightshift.common.record",
                 "fields": [
                   {"name": "worker", "type": "string"},
                   {"name": "host", "type": "string"},
                   {"name": "state", "type": {"type": "enum", "name": "WorkerState",
                     "symbols": ["RUNNING", "QUIET", "DRAINING"]}},
                   {"name": "startedAt", "type": {"type": "long", "logicalType": "timestamp-micros"}},
                   {"name": "slots", "type": "int"},
                   {"name": "running", "type": "int"},
                   {"name": "controlOffset", "type": "long"},
                   {"name": "handlers", "type": {"type": "array", "items": "string"}}
                 ]}
                """);
    GenericRecord old = new GenericData.Record(older);
    old.put("worker", "w");
    old.put("host", "h");
    old.put("state", new GenericData.EnumSymbol(older.getField("state").schema(), "QUIET"));
    old.put("startedAt", 0L);
    old.put("slots", 5);
    old.put("running", 2);
    old.put("controlOffset", 7L);
    old.put("handlers", List.of("shop/bill"));

    WorkerRecord read = RecordCodec.WORKERS.decode(encoded(old));

    assertEquals("w", read.getWorker());
    assertEquals(List.of("shop/bill"), read.getHandlers());
    assertEquals("", read.getVersion());
    assertEquals(0, read.getPartitions());
  }

  private static byte[] encoded(GenericRecord record) throws IOException {
    ByteBuffer buffer =
        new BinaryMessageEncoder<GenericRecord>(new GenericData(), record.getSchema())
            .encode(record);
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  @Test
  void bytesThatAreNoRecordAreRefusedWithTheReason() throws IOException {
    assertUndecodable(
        "cannot read a CanvasRecord: it starts with nothing, not with C3 01 and a schema's"
            + " fingerprint",
        new byte[0]);
    assertUndecodable(
        "cannot read a CanvasRecord: it starts with 7B 22, not with C3 01 and a schema's"
            + " fingerprint",
        "{\"canvas\":\"shop\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    byte[] otherSchema = {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0};
    assertUndecodable(
        "cannot read a CanvasRecord: its schema 0807060504030201 is not known to this version; a"
            + " newer one may have written it, upgrade this process",
        otherSchema);
    ByteArrayOutputStream longer = new ByteArrayOutputStream();
    longer.write(RecordCodec.CANVASES.encode(SHOP));
    longer.write(0);
    assertUndecodable("cannot read a CanvasRecord: bytes follow its end", longer.toByteArray());
  }

  @Test
  void damagedBytesAreRefusedOrReadButNeverHarm() {
    byte[] whole = RecordCodec.TRACES.encode(trace(new byte[] {1, 2, 3}));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = Arrays.copyOf(whole, 10 + random.nextInt(whole.length - 9));
      for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 10; flips--) {
        damaged[10 + random.nextInt(damaged.length - 10)] = (byte) random.nextInt();
      }
      try {
        RecordCodec.TRACES.decode(damaged);
      } catch (UndecodableRecordException e) {
        // what is allowed
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed + ", round " + i, e);
      }
    }
    assertEquals(trace(new byte[] {1, 2, 3}), RecordCodec.TRACES.decode(whole));
  }

  private static void assertUndecodable(String message, byte[] bytes) {
    assertEquals(
        message,
        assertThrows(UndecodableRecordException.class, () -> RecordCodec.CANVASES.decode(bytes))
            .getMessage());
  }

  private static Trace trace(byte[] input) {
    Instant at = Instant.parse("2026-11-23T10:00:00Z");
    return Trace.newBuilder()
        .setCanvas("shop")
        .setQueue("mail")
        .setEventId("e-1")
        .setAttempt(1)
        .setOutcome("completed")
        .setWorker("w")
        .setHost("h")
        .setOrigin("t/0/0")
        .setEmittedAt(at)
        .setEndedAt(at)
        .setInput(ByteBuffer.wrap(input))
        .setInputBytes(input.length)
        .setHeaders(Map.of("a", "b"))
        .setLogs(List.of(new TraceLog(at, "hello")))
        .setSteps(List.of(new TraceStep("save", 0, at, 12L, null)))
        .setChildren(List.of())
        .setError(new TraceError("java.lang.Error", "no", "at"))
        .build();
  }
}
