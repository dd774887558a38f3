package dev.nightshift.worker.internal.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import dev.nightshift.common.Canvas;
import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.EventHeaders;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/// Makes the records of child events. Safe for use by many threads.
final class ChildRecords {
  private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();

  /// A child of `parent`.
  ///
  /// @param target its canvas
  Child child(EventEnvelope parent, Canvas target, String queue, Content content, Instant now) {
    String id = ids.generate().toString();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(target.topic(), null, null, content.bytes());
    Headers headers = record.headers();
    put(headers, EventHeaders.SPEC_VERSION, "1.0");
    put(headers, EventHeaders.ID, id);
    put(headers, EventHeaders.TYPE, queue);
    put(headers, EventHeaders.SOURCE, parent.queue());
    put(headers, EventHeaders.TIME, now.toString());
    put(headers, EventHeaders.CANVAS, target.name());
    put(headers, EventHeaders.CAUSE, parent.id());
    content.contentType().ifPresent(type -> put(headers, EventHeaders.CONTENT_TYPE, type));
    parent
        .header(EventHeaders.TRACE_PARENT)
        .ifPresent(trace -> put(headers, EventHeaders.TRACE_PARENT, trace));
    return new Child(id, target.name(), queue, record);
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(new RecordHeader(name, value.getBytes(UTF_8)));
  }

  /// A child event that is emitted when its parent completes.
  record Child(String id, String canvas, String queue, ProducerRecord<byte[], byte[]> record) {
    private static final int RECORD_OVERHEAD_BYTES = 100;
    private static final int HEADER_OVERHEAD_BYTES = 10;

    /// At least what it takes in a batch, before compression.
    int bytes() {
      byte[] payload = record.value();
      int bytes = RECORD_OVERHEAD_BYTES + payload.length;
      for (Header header : record.headers()) {
        bytes += HEADER_OVERHEAD_BYTES + header.key().length() + header.value().length;
      }
      return bytes;
    }
  }
}
