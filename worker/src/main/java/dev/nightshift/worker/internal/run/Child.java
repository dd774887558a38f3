package dev.nightshift.worker.internal.run;

import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.emitter.Due;
import dev.nightshift.emitter.Emission;
import dev.nightshift.emitter.EventRecords;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// A child event, emitted when its parent completes; or then given to the scheduler, to be emitted
/// when it is due.
record Child(String id, String canvas, String queue, ProducerRecord<byte[], byte[]> record) {
  /// Where a child goes, and when.
  ///
  /// @param due empty for at once
  record Target(Canvas canvas, String queue, Optional<Due> due) {}

  /// A child of `spec`'s event, whose trace context it carries on. Its source is its parent's
  /// queue.
  static Child of(AttemptSpec spec, TopicPlan topics, Target target, Content content, Instant now) {
    EventEnvelope parent = spec.event();
    String source = spec.canvas().name() + "/" + parent.queue();
    Map<String, String> headers = new HashMap<>();
    carry(parent, EventHeaders.TRACE_PARENT, headers);
    carry(parent, EventHeaders.TRACE_STATE, headers);
    Emission emission =
        new Emission(
            target.canvas().name(),
            target.queue(),
            content.bytes(),
            content.contentType(),
            Optional.empty(),
            headers,
            target.due());
    String id = EventRecords.newId();
    return new Child(
        id,
        target.canvas().name(),
        target.queue(),
        new EventRecords(source, topics)
            .record(emission, target.canvas(), id, Optional.of(parent.id()), now));
  }

  int bytes() {
    return EventRecords.bytes(record);
  }

  private static void carry(EventEnvelope parent, String header, Map<String, String> headers) {
    parent.header(header).ifPresent(value -> headers.put(header, value));
  }
}
