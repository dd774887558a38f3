package dev.nightshift.cli.internal;

import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Nearest;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.command.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Events that have ended because nobody has a handler of that name: mostly a mistyped one. Those
/// of the newest traces are counted, as many as can be looked at while somebody waits. Immutable.
///
/// @param counts by queue; of a queue that is not in here none was found
/// @param all whether all of [#WINDOW] was looked at, or only the newest of it
/// @param handled what live workers have handlers for; empty if that could not be read
record Dropped(SortedMap<QueueName, Long> counts, boolean all, Set<QueueName> handled) {
  /// How far back it is looked.
  static final Duration WINDOW = Duration.ofHours(24);

  /// Nothing was looked at, as there was no time for it.
  static final Dropped UNKNOWN = new Dropped(new TreeMap<>(), false, Set.of());

  private static final long TRACES_OF_PARTITION_MAX = 5_000;
  private static final Duration TIME_MAX = Duration.ofMillis(1_000);

  /// Who lives is read meanwhile, and waited for no longer than this after it.
  private static final Duration HANDLED_MAX = Duration.ofSeconds(2);

  private static final Duration POLL = Duration.ofMillis(100);
  private static final String NO_HANDLER = Outcome.NO_HANDLER.label();

  static Dropped read(Connection connection) {
    CompletableFuture<Set<QueueName>> handled =
        CompletableFuture.supplyAsync(() -> handled(connection)).exceptionally(_ -> Set.of());
    SortedMap<QueueName, Long> counts = new TreeMap<>();
    long end = System.nanoTime() + TIME_MAX.toNanos();
    boolean all;
    try (TraceReader reader = new TraceReader(connection.client(), connection.plan())) {
      all = reader.skipTo(Instant.now().minus(WINDOW), TRACES_OF_PARTITION_MAX);
      boolean read = reader.atEnd();
      while (!read && System.nanoTime() - end < 0) {
        for (Trace trace : reader.poll(POLL)) {
          if (trace.getOutcome().equals(NO_HANDLER)) {
            counts.merge(new QueueName(trace.getCanvas(), trace.getQueue()), 1L, Long::sum);
          }
        }
        read = reader.atEnd();
      }
      all &= read;
    }
    return new Dropped(
        counts,
        all,
        handled.completeOnTimeout(Set.of(), HANDLED_MAX.toMillis(), TimeUnit.MILLISECONDS).join());
  }

  private static Set<QueueName> handled(Connection connection) {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      return log.view().live(Instant.now()).stream()
          .map(WorkerBeat::handlers)
          .flatMap(Set::stream)
          .collect(Collectors.toSet());
    }
  }

  long of(QueueName queue) {
    return counts.getOrDefault(queue, 0L);
  }

  /// What was probably meant: a queue with a name that is close, that a live worker has a handler
  /// for.
  Optional<QueueName> nearest(QueueName queue) {
    return Nearest.queue(queue, handled);
  }
}
