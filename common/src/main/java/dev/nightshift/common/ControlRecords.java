package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.RecordCodec.UndecodableRecordException;
import dev.nightshift.common.record.CanvasRecord;
import dev.nightshift.common.record.CanvasState;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The control log's records as bytes and back. Pure; safe for use by many threads.
final class ControlRecords {
  private static final String CANVAS_PREFIX = "canvas/";

  private ControlRecords() {}

  static ProducerRecord<byte[], byte[]> of(
      String topic, Canvas canvas, String actor, Instant changedAt) {
    CanvasRecord record =
        new CanvasRecord(
            canvas.name(),
            canvas.generation(),
            canvas.topic(),
            canvas.group(),
            canvas.deleted() ? CanvasState.DELETED : CanvasState.ACTIVE,
            actor,
            changedAt);
    String key = ControlView.key(canvas.name(), canvas.generation());
    return new ProducerRecord<>(topic, key.getBytes(UTF_8), RecordCodec.CANVASES.encode(record));
  }

  /// The canvas in a record.
  ///
  /// @throws UndecodableRecordException if it is of a kind that is not known, damaged, or under a
  ///   key that is not its own
  static Canvas canvas(String key, byte[] value) {
    if (!key.startsWith(CANVAS_PREFIX)) {
      throw new UndecodableRecordException(
          "records of this kind are not known to this version; upgrade this process");
    }
    CanvasRecord record = RecordCodec.CANVASES.decode(value);
    String ownKey = ControlView.key(record.getCanvas(), record.getGeneration());
    if (!key.equals(ownKey)) {
      throw new UndecodableRecordException(
          "it belongs under the key " + Names.quoted(ownKey) + "; delete this one");
    }
    return new Canvas(
        record.getCanvas(),
        record.getGeneration(),
        record.getTopic(),
        record.getGroup(),
        record.getState() == CanvasState.DELETED);
  }
}
