package dev.nightshift.worker.internal.loop;

import dev.nightshift.worker.internal.run.Outcome;
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

  private final Partition partition;
  private final ConsumerRecord<byte[], byte[]> event;
  private final String canvas;
  private final Optional<Outcome> handled;
  private final List<ProducerRecord<byte[], byte[]>> records;
  private final Stage stage;
  private final long bytes;

  /// @param partition the settled event's partition
  /// @param event the settled event's record
  private Move(
      Partition partition,
      ConsumerRecord<byte[], byte[]> event,
      String canvas,
      Optional<Outcome> handled,
      List<ProducerRecord<byte[], byte[]>> records,
      Stage stage) {
    this.partition = partition;
    this.event = event;
    this.canvas = canvas;
    this.handled = handled;
    this.records = records;
    this.stage = stage;
    long sum = 0;
    for (ProducerRecord<byte[], byte[]> each : records) {
      sum += 300L + (each.value() == null ? 0 : each.value().length);
    }
    this.bytes = sum;
  }

  /// An event that ends, or goes elsewhere, without a handler.
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
    return new Move(partition, event, canvas, Optional.empty(), records, Stage.WHOLE);
  }

  /// An event whose handler came to its end here.
  static Move handled(
      Waiting event, Outcome outcome, List<ProducerRecord<byte[], byte[]>> records) {
    return new Move(
        event.partition(),
        event.event().record(),
        event.canvas().name(),
        Optional.of(outcome),
        records,
        Stage.WHOLE);
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

  /// How its handler came to its end; empty if none did here.
  Optional<Outcome> handled() {
    return handled;
  }

  /// The same settlement with other records.
  Move next(Stage to, List<ProducerRecord<byte[], byte[]>> others) {
    return new Move(partition, event, canvas, handled, others, to);
  }

  Stage stage() {
    return stage;
  }

  /// What it takes on the wire, roughly.
  long bytes() {
    return bytes;
  }
}
