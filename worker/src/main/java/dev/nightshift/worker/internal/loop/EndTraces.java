package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Traces of attempts and events that end without a handler saying so.
public interface EndTraces {
  /// The trace of an event that ended with `outcome`, or lost its attempt.
  ///
  /// @param reason why, in words
  ProducerRecord<byte[], byte[]> trace(
      EventEnvelope event, String canvas, Outcome outcome, String reason, Instant now);

  /// The trace of a record that is no event.
  ProducerRecord<byte[], byte[]> undecodable(
      ConsumerRecord<byte[], byte[]> record, String reason, Instant now);
}
