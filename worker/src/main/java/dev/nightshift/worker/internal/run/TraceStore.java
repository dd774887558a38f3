package dev.nightshift.worker.internal.run;

import dev.nightshift.common.record.Trace;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Where traces go. Safe for use by many threads.
public interface TraceStore extends AutoCloseable {
  /// Stores a trace, however long that takes. The trace belongs to the store from here on.
  ///
  /// @param stored run once when the trace is safe, on any thread; must not block. Not run if the
  ///   store is closed before
  /// @throws RuntimeException if the trace cannot be written as bytes; `stored` is then not run
  void send(Trace trace, Runnable stored);

  /// A trace as a record, for the transaction that completes its event. It does not block.
  ///
  /// @throws RuntimeException if the trace cannot be written as bytes
  ProducerRecord<byte[], byte[]> toRecord(Trace trace);

  /// Frees what is held. What is not stored by then is not stored.
  @Override
  void close();
}
