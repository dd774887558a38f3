package dev.nightshift.worker.internal.run;

import dev.nightshift.common.record.Trace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Keeps traces in memory, for tests and trials. Safe for use by many threads.
public final class MemoryTraceStore implements TraceStore {
  private final TraceRecords records;
  private final List<ProducerRecord<byte[], byte[]>> stored = new ArrayList<>();
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;

  /// A store that makes records of this topic and size.
  public MemoryTraceStore(String topic, int traceBytesMax) {
    this.records = new TraceRecords(topic, traceBytesMax);
  }

  @Override
  public void send(Trace trace, Runnable done) {
    ProducerRecord<byte[], byte[]> record = toRecord(trace);
    synchronized (this) {
      stored.add(record);
      if (holding) {
        held.add(done);
        return;
      }
    }
    done.run();
  }

  @Override
  public ProducerRecord<byte[], byte[]> toRecord(Trace trace) {
    return records.record(trace, OptionalInt.of(1));
  }

  /// Acknowledges no more traces until [#release].
  public synchronized void hold() {
    holding = true;
  }

  /// Acknowledges what was held, and from now on each trace at once.
  public void release() {
    List<Runnable> due;
    synchronized (this) {
      holding = false;
      due = List.copyOf(held);
      held.clear();
    }
    due.forEach(Runnable::run);
  }

  /// The traces that were sent so far, in that order; those that were only made into records are
  /// not among them.
  public synchronized List<ProducerRecord<byte[], byte[]>> stored() {
    return List.copyOf(stored);
  }

  @Override
  public void close() {}
}
