package dev.nightshift.worker;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.internal.run.AttemptLimits;
import dev.nightshift.worker.internal.run.DeadRecords;
import dev.nightshift.worker.internal.run.TraceRecords;
import dev.nightshift.worker.internal.run.Traces;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The records of events that end before they come to a worker, as workers would write them.
/// Immutable, safe for use by many threads.
public final class EndRecords {
  private final Traces traces;
  private final TraceRecords records;
  private final DeadRecords dead;
  private final OptionalInt tracePartitions;

  /// @param writer who writes them
  /// @param host the machine that it runs on
  /// @param tracePartitions how many the topic of traces has
  public EndRecords(TopicPlan plan, String writer, String host, int tracePartitions) {
    this.traces = new Traces(new WorkerIdentity(writer, host), AttemptLimits.STANDARD.trace());
    this.records = new TraceRecords(plan.traces(), AttemptLimits.STANDARD.trace().traceBytesMax());
    this.dead = new DeadRecords(plan.dead(), writer);
    this.tracePartitions = OptionalInt.of(tracePartitions);
  }

  /// The trace of an event that ended.
  ///
  /// @param reason why, in words
  public ProducerRecord<byte[], byte[]> trace(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now) {
    return records.record(
        traces.withoutHandler(event, canvas, outcome, reason, now), tracePartitions);
  }

  /// The trace of a record that is no event.
  ///
  /// @param reason why it is none
  public ProducerRecord<byte[], byte[]> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now) {
    return records.record(
        traces.undecodable(record, Optional.empty(), reason, now), tracePartitions);
  }

  /// A dead letter.
  ///
  /// @param reason why it is dead, in words
  public ProducerRecord<byte[], byte[]> dead(
      ConsumerRecord<byte[], byte[]> record, Outcome outcome, String reason) {
    return dead.record(record, outcome, reason, Map.of());
  }

  /// A dead letter whose event is too large for the topic of dead letters, and that says so.
  ///
  /// @param letter the whole one
  public ProducerRecord<byte[], byte[]> withoutPayload(ProducerRecord<byte[], byte[]> letter) {
    return DeadRecords.withoutPayload(letter);
  }
}
