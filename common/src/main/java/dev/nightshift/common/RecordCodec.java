package dev.nightshift.common;

import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.common.record.BreakerRecord;
import dev.nightshift.common.record.CanvasRecord;
import dev.nightshift.common.record.ConcurrencyRecord;
import dev.nightshift.common.record.CronRecord;
import dev.nightshift.common.record.CronTickRecord;
import dev.nightshift.common.record.DeadDoneRecord;
import dev.nightshift.common.record.FlagRecord;
import dev.nightshift.common.record.KillerRecord;
import dev.nightshift.common.record.LaneRecord;
import dev.nightshift.common.record.LimitRecord;
import dev.nightshift.common.record.ScaleBoundsRecord;
import dev.nightshift.common.record.ScaleRecord;
import dev.nightshift.common.record.Trace;
import dev.nightshift.common.record.WorkerRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Nightshift's own records as bytes: Avro's single-object encoding, which is `C3 01`, the writer's
/// schema as an 8-byte fingerprint, then the body (Avro specification 1.12, "Single object
/// encoding").
///
/// What an older version wrote is read with that version's schema and resolved to the present one,
/// so fields may be added with a default. Safe for use by many threads; buffers are pooled, as
/// threads that encode one record and end would each make their own.
///
/// @param <R> the generated class
public final class RecordCodec<R extends SpecificRecord> {
  private static final int HEADER_BYTES = 10;

  /// A buffer is given up when a record made it larger than this.
  private static final int KEPT_BYTES_MAX = 1 << 20;

  /// As many as were ever in use at once: nobody waits while having one, so about one a core.
  private static final Queue<Buffers> POOL = new ConcurrentLinkedQueue<>();

  /// Canvases in the control log.
  public static final RecordCodec<CanvasRecord> CANVASES =
      new RecordCodec<>(CanvasRecord.class, CanvasRecord.getClassSchema());

  /// Flags in the control log.
  public static final RecordCodec<FlagRecord> FLAGS =
      new RecordCodec<>(FlagRecord.class, FlagRecord.getClassSchema());

  /// Lanes in the control log.
  public static final RecordCodec<LaneRecord> LANES =
      new RecordCodec<>(LaneRecord.class, LaneRecord.getClassSchema());

  /// Limits in the control log.
  public static final RecordCodec<LimitRecord> LIMITS =
      new RecordCodec<>(LimitRecord.class, LimitRecord.getClassSchema());

  /// How queues' breakers are set, in the control log.
  public static final RecordCodec<BreakerRecord> BREAKERS =
      new RecordCodec<>(BreakerRecord.class, BreakerRecord.getClassSchema());

  /// Events that killed their processes, in the control log.
  public static final RecordCodec<KillerRecord> KILLERS =
      new RecordCodec<>(KillerRecord.class, KillerRecord.getClassSchema());

  /// Workers' concurrency in the control log.
  public static final RecordCodec<ConcurrencyRecord> CONCURRENCY =
      new RecordCodec<>(ConcurrencyRecord.class, ConcurrencyRecord.getClassSchema());

  /// The bounds of scaling in the control log.
  public static final RecordCodec<ScaleBoundsRecord> SCALE_BOUNDS =
      new RecordCodec<>(ScaleBoundsRecord.class, ScaleBoundsRecord.getClassSchema());

  /// How many workers are wanted.
  public static final RecordCodec<ScaleRecord> SCALE =
      new RecordCodec<>(ScaleRecord.class, ScaleRecord.getClassSchema());

  /// Crons in the topic of schedules.
  public static final RecordCodec<CronRecord> CRONS =
      new RecordCodec<>(CronRecord.class, CronRecord.getClassSchema());

  /// How far crons' ticks were computed, in the topic of schedules.
  public static final RecordCodec<CronTickRecord> CRON_TICKS =
      new RecordCodec<>(CronTickRecord.class, CronTickRecord.getClassSchema());

  /// Changes that admins and owners made.
  public static final RecordCodec<AuditRecord> AUDIT =
      new RecordCodec<>(AuditRecord.class, AuditRecord.getClassSchema());

  /// What became of dead letters.
  public static final RecordCodec<DeadDoneRecord> DEAD_DONE =
      new RecordCodec<>(DeadDoneRecord.class, DeadDoneRecord.getClassSchema());

  /// What workers say of themselves.
  public static final RecordCodec<WorkerRecord> WORKERS =
      new RecordCodec<>(
          WorkerRecord.class,
          WorkerRecord.getClassSchema(),
          without(WorkerRecord.getClassSchema(), "version", "partitions"));

  /// Traces.
  public static final RecordCodec<Trace> TRACES =
      new RecordCodec<>(Trace.class, new TraceWriter(), Trace.getClassSchema());

  private final Class<R> type;
  private final byte[] header;
  private final RecordBytes.Writer<R> writer;
  private final Map<Long, DatumReader<R>> readers = new HashMap<>();

  /// A codec that writes the present schema and reads it and older ones.
  ///
  /// @param older the schemas of former versions; each must resolve to the present one
  RecordCodec(Class<R> type, Schema present, Schema... older) {
    this(type, avros(present)::write, present, older);
  }

  private RecordCodec(
      Class<R> type, RecordBytes.Writer<R> writer, Schema present, Schema... older) {
    this.type = type;
    SpecificData model = OwnRecords.MODEL;
    this.header = header(SchemaNormalization.parsingFingerprint64(present));
    this.writer = writer;
    addReader(model, present, present);
    for (Schema schema : older) {
      addReader(model, schema, present);
    }
  }

  @SuppressWarnings("unchecked") // Avro's signature says DatumWriter of anything
  static <R> DatumWriter<R> avros(Schema present) {
    return (DatumWriter<R>) OwnRecords.MODEL.createDatumWriter(present);
  }

  // A former schema that lacks only fields of the present one needs no file of its own.
  private static Schema without(Schema present, String... added) {
    List<Schema.Field> before =
        present.getFields().stream()
            .filter(field -> !List.of(added).contains(field.name()))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList();
    return Schema.createRecord(
        present.getName(), present.getDoc(), present.getNamespace(), false, before);
  }

  private static byte[] header(long fingerprint) {
    return ByteBuffer.allocate(HEADER_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0xC3)
        .put((byte) 0x01)
        .putLong(fingerprint)
        .array();
  }

  private void addReader(SpecificData model, Schema written, Schema present) {
    @SuppressWarnings("unchecked") // Avro's signature says DatumReader of anything
    DatumReader<R> reader = (DatumReader<R>) model.createDatumReader(written, present);
    readers.put(SchemaNormalization.parsingFingerprint64(written), reader);
  }

  /// A record as bytes.
  ///
  /// @throws RuntimeException if a field that must have a value has none
  public byte[] encode(R record) {
    Buffers buffers = Buffers.take();
    RecordBytes out = buffers.out;
    out.clear();
    out.writeFixed(header, 0, HEADER_BYTES);
    try {
      writer.write(record, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // an array takes all that is written to it
    }
    byte[] bytes = out.copy();
    buffers.giveBackAfter(bytes);
    return bytes;
  }

  /// The record in these bytes.
  ///
  /// @throws UndecodableRecordException if they are none: not single-object encoding, a schema that
  ///   this version does not know, or a body that does not fit it
  public R decode(byte[] bytes) {
    DatumReader<R> reader = readerFor(bytes);
    Buffers buffers = Buffers.take();
    try {
      BinaryDecoder decoder =
          DecoderFactory.get()
              .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, buffers.decoder);
      buffers.decoder = decoder;
      @Nullable R none = null;
      R record = reader.read(none, decoder);
      if (!decoder.isEnd()) {
        throw undecodable("bytes follow its end");
      }
      buffers.giveBackAfter(bytes); // after a failure their state is unknown
      return record;
    } catch (IOException | RuntimeException e) {
      throw e instanceof UndecodableRecordException known
          ? known
          : undecodable("its body does not fit the schema (" + e + ")");
    }
  }

  private DatumReader<R> readerFor(byte[] bytes) {
    if (bytes.length < HEADER_BYTES || (bytes[0] & 0xFF) != 0xC3 || bytes[1] != 0x01) {
      throw undecodable(
          "it starts with " + hex(bytes) + ", not with C3 01 and a schema's fingerprint");
    }
    long written = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    DatumReader<R> reader = readers.get(written);
    if (reader == null) {
      throw undecodable(
          String.format(
              Locale.ROOT,
              "its schema %016x is not known to this version; a newer one may have written it,"
                  + " upgrade this process",
              written));
    }
    return reader;
  }

  private UndecodableRecordException undecodable(String why) {
    return new UndecodableRecordException("cannot read a " + type.getSimpleName() + ": " + why);
  }

  private static String hex(byte[] bytes) {
    StringBuilder hex = new StringBuilder();
    for (int i = 0; i < Math.min(2, bytes.length); i++) {
      hex.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%02X", bytes[i]));
    }
    return hex.length() == 0 ? "nothing" : hex.toString();
  }

  /// What is kept between records, used by one thread at a time. Avro gives a new decoder where
  /// there is none to reuse.
  private static final class Buffers {
    static Buffers take() {
      @Nullable Buffers pooled = POOL.poll();
      return pooled == null ? new Buffers() : pooled;
    }

    // They have grown to the record, or still refer to it.
    void giveBackAfter(byte[] record) {
      if (record.length <= KEPT_BYTES_MAX) {
        POOL.add(this);
      }
    }

    final RecordBytes out = new RecordBytes();
    @Nullable BinaryDecoder decoder;
  }

  /// Bytes that are no record of the expected kind, or of a version not known. The message says why
  /// and never holds the bytes themselves.
  public static final class UndecodableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecodableRecordException(String message) {
      super(message);
    }
  }
}
