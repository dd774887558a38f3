package dev.nightshift.cli.internal;

import dev.nightshift.common.Outcome;
import dev.nightshift.common.TracePlace;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;

/// The traces of one event, as they are found. For one thread.
final class EventTraces implements AutoCloseable {
  /// The outcome of an attempt that does not end its event.
  static final String LOST = Outcome.LOST.label();

  private static final Duration POLL = Duration.ofMillis(100);

  private final TraceReader reader;
  private final String id;
  private final List<Trace> found = new ArrayList<>();

  /// @param since traces that were stored before are not looked at
  EventTraces(Connection connection, String id, Instant since) {
    this.id = id;
    this.reader = new TraceReader(connection.client(), connection.plan());
    try {
      reader.skipTo(since);
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  /// Reads what there is now.
  EventTraces read() {
    Map<TopicPartition, Long> ends = reader.ends();
    while (!reader.hasRead(ends)) {
      poll();
    }
    return this;
  }

  /// Reads on until one has ended the event.
  ///
  /// @param stop asked now and then: nobody waits any more
  /// @return whether one has
  boolean await(Duration timeout, BooleanSupplier stop) {
    long end = System.nanoTime() + timeout.toNanos();
    while (last(found).isEmpty() && !stop.getAsBoolean() && System.nanoTime() - end < 0) {
      poll();
    }
    return last(found).isPresent();
  }

  private void poll() {
    found.addAll(reader.poll(POLL, key -> TracePlace.isOf(key, id)));
  }

  /// What was found, the oldest first. (An event that is redriven begins again at attempt 1.)
  List<Trace> found() {
    List<Trace> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(Trace::getEndedAt));
    return sorted;
  }

  /// The newest of some traces that ended the event.
  static Optional<Trace> last(List<Trace> traces) {
    return traces.stream()
        .filter(trace -> !trace.getOutcome().equals(LOST))
        .max(Comparator.comparing(Trace::getEndedAt));
  }

  @Override
  public void close() {
    reader.close();
  }
}
