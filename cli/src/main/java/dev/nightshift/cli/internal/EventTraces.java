package dev.nightshift.cli.internal;

import dev.nightshift.common.EventHeaders;
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
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    found.addAll(reader.readTo(reader.ends(), this::isWanted));
    return this;
  }

  /// Reads on until one has ended the event.
  ///
  /// @param stop asked now and then: nobody waits any more
  /// @return whether one has
  boolean await(Duration timeout, BooleanSupplier stop) {
    long end = System.nanoTime() + timeout.toNanos();
    while (last(found).isEmpty() && !stop.getAsBoolean() && System.nanoTime() - end < 0) {
      found.addAll(reader.poll(POLL, this::isWanted));
    }
    return last(found).isPresent();
  }

  private boolean isWanted(String key) {
    return TracePlace.isOf(key, id);
  }

  /// What was found, the oldest first. (An event that is redriven begins again at attempt 1.)
  List<Trace> found() {
    List<Trace> sorted = new ArrayList<>(found);
    sorted.sort(Comparator.comparing(Trace::getEndedAt));
    return sorted;
  }

  /// The newest of some traces that ended the event.
  static Optional<Trace> last(List<Trace> traces) {
    return ends(traces).max(Comparator.comparing(Trace::getEndedAt));
  }

  /// The newest trace that ended each of the events that have this id: nobody keeps two canvases,
  /// queues or emissions from giving the same one. An event that was redriven is the same as
  /// before.
  static List<Trace> ofEach(List<Trace> traces) {
    Map<String, List<Trace>> byQueue =
        ends(traces)
            .collect(Collectors.groupingBy(EventTraces::queue, TreeMap::new, Collectors.toList()));
    return byQueue.values().stream().flatMap(EventTraces::ofQueue).toList();
  }

  /// `CANVAS/QUEUE`.
  static String queue(Trace trace) {
    return trace.getCanvas() + "/" + trace.getQueue();
  }

  // Emitted once, each further origin is that of a redrive.
  private static Stream<Trace> ofQueue(List<Trace> ends) {
    long emissions =
        ends.stream()
            .filter(trace -> !trace.getHeaders().containsKey(EventHeaders.REDRIVEN))
            .map(Trace::getOrigin)
            .distinct()
            .count();
    if (emissions <= 1) {
      return last(ends).stream();
    }
    Map<String, List<Trace>> byOrigin =
        ends.stream()
            .collect(Collectors.groupingBy(Trace::getOrigin, TreeMap::new, Collectors.toList()));
    return byOrigin.values().stream().flatMap(same -> last(same).stream());
  }

  private static Stream<Trace> ends(List<Trace> traces) {
    return traces.stream().filter(trace -> !trace.getOutcome().equals(LOST));
  }

  @Override
  public void close() {
    reader.close();
  }
}
