package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.Outcome;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A settlement that stores records together with the completion of an offset: a move to another
/// topic, or child events. Immutable; equal only to itself.
final class Move {
  /// What is tried in turn when the log refuses the records for good.
  enum Stage {
    /// As it should be.
    WHOLE,
    /// With the smallest trace, if a handler came to its end.
    SMALL_TRACE,
    /// The event goes to the dead topic instead.
    DEAD,
    /// Without its payload, which stays readable at its origin.
    DEAD_WITHOUT_PAYLOAD,
    /// Only a trace, as even its headers are too large.
    TRACE
  }

  /// What becomes of the event.
  sealed interface Kind {
    /// It ends, or waits for another attempt, without a handler's doing.
    record Unhandled() implements Kind {}

    /// Its handler came to its end here.
    record Handled(Outcome outcome) implements Kind {}

    /// It waits on in its queue's lane.
    record ToLane(Waiting waiting) implements Kind {}
  }

  private final Partition partition;
  private final ConsumerRecord<byte[], byte[]> event;
  private final String canvas;
  private final Kind kind;
  private final Stage stage;
  private final List<ProducerRecord<byte[], byte[]>> records;
  private final long bytes;

  private Move(
      Waiting waiting, Kind kind, Stage stage, List<ProducerRecord<byte[], byte[]>> records) {
    this(
        waiting.partition(),
        waiting.event().record(),
        waiting.canvas().name(),
        kind,
        stage,
        records);
  }

  private Move(
      Partition partition,
      ConsumerRecord<byte[], byte[]> event,
      String canvas,
      Kind kind,
      Stage stage,
      List<ProducerRecord<byte[], byte[]>> records) {
    this.partition = partition;
    this.event = event;
    this.canvas = canvas;
    this.kind = kind;
    this.stage = stage;
    this.records = records;
    long sum = 0;
    for (ProducerRecord<byte[], byte[]> each : records) {
      sum += 300L + (each.value() == null ? 0 : each.value().length);
    }
    this.bytes = sum;
  }

  /// An event that ends, or goes to the retry topic, without a handler's doing.
  ///
  /// @param partition the settled event's partition
  /// @param event the settled event's record
  /// @param canvas the settled event's canvas; empty if it is not known
  /// @param records what is stored; the trace is the last
  static Move unhandled(
      Partition partition,
      ConsumerRecord<byte[], byte[]> event,
      String canvas,
      List<ProducerRecord<byte[], byte[]>> records) {
    return new Move(partition, event, canvas, new Kind.Unhandled(), Stage.WHOLE, records);
  }

  /// An event whose handler came to its end here.
  static Move handled(
      Waiting event, Outcome outcome, List<ProducerRecord<byte[], byte[]>> records) {
    return new Move(event, new Kind.Handled(outcome), Stage.WHOLE, records);
  }

  /// An event that waits on in its queue's lane.
  static Move toLane(Waiting event, ProducerRecord<byte[], byte[]> record) {
    return new Move(event, new Kind.ToLane(event), Stage.WHOLE, List.of(record));
  }

  Partition partition() {
    return partition;
  }

  ConsumerRecord<byte[], byte[]> event() {
    return event;
  }

  String canvas() {
    return canvas;
  }

  long offset() {
    return event.offset();
  }

  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  Kind kind() {
    return kind;
  }

  boolean isTransfer() {
    return kind instanceof Kind.ToLane;
  }

  /// How its handler came to its end; empty if none did here.
  Optional<Outcome> handled() {
    return kind instanceof Kind.Handled(Outcome outcome) ? Optional.of(outcome) : Optional.empty();
  }

  /// The same settlement with other records.
  Move next(Stage to, List<ProducerRecord<byte[], byte[]>> others) {
    return new Move(partition, event, canvas, kind, to, others);
  }

  Stage stage() {
    return stage;
  }

  /// What it takes on the wire, roughly.
  long bytes() {
    return bytes;
  }
}
