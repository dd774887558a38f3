package dev.nightshift.common;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What the workers of a fleet say of themselves. Immutable, safe for use by many threads.
public final class WorkersView {
  /// Who has said nothing for so long, while others have, counts as dead.
  public static final Duration SILENT_MAX = Duration.ofSeconds(10);

  /// The state of who counts as dead, instead of the one that it last said.
  public static final String SILENT = "silent";

  /// Nobody has said anything.
  public static final WorkersView EMPTY = new WorkersView(Map.of(), Instant.EPOCH);

  private final Map<String, Said> said;
  private final Instant newest;

  /// What is counted could be derived each time, from up to ten thousand handlers.
  ///
  /// @param queues how many queues of a canvas the worker has handlers of, by the canvas
  private record Said(WorkerBeat beat, Map<String, Integer> queues) {
    // As a rule a worker says the same again.
    static Said of(WorkerBeat beat, Optional<Said> before) {
      return before
          .filter(each -> each.beat.handlers().equals(beat.handlers()))
          .map(each -> new Said(beat, each.queues))
          .orElseGet(() -> counted(beat));
    }

    private static Said counted(WorkerBeat beat) {
      Map<String, Integer> queues = new HashMap<>();
      beat.handlers().forEach(handler -> queues.merge(handler.canvas(), 1, Integer::sum));
      return new Said(beat, Map.copyOf(queues));
    }

    boolean handles(QueueName queue) {
      return beat.handlers().contains(queue);
    }

    boolean handlesOther(QueueName queue) {
      return queues.getOrDefault(queue.canvas(), 0) > (handles(queue) ? 1 : 0);
    }
  }

  private WorkersView(Map<String, Said> said, Instant newest) {
    this.said = said;
    this.newest = newest;
  }

  /// This view with one more said.
  public WorkersView with(WorkerBeat beat) {
    Map<String, Said> next = new HashMap<>(said);
    next.put(beat.worker(), Said.of(beat, Optional.ofNullable(said.get(beat.worker()))));
    return new WorkersView(Map.copyOf(next), beat.at().isAfter(newest) ? beat.at() : newest);
  }

  /// This view after a worker has left.
  public WorkersView without(String worker) {
    Map<String, Said> next = new HashMap<>(said);
    next.remove(worker);
    return new WorkersView(Map.copyOf(next), newest);
  }

  /// Those who have said something within [#SILENT_MAX] before the last of all, by name. Only the
  /// broker's clock counts.
  public List<WorkerBeat> live() {
    return beats().filter(this::isLive).sorted(Comparator.comparing(WorkerBeat::worker)).toList();
  }

  /// The same for who may be the only one that hears: of those only who has said something of late
  /// by this machine's clock, too. Where all are gone, nobody says that time has passed. Clocks may
  /// differ by [#SILENT_MAX].
  ///
  /// @param now by this machine's clock
  public List<WorkerBeat> live(Instant now) {
    Instant oldest = now.minus(SILENT_MAX.multipliedBy(2));
    return live().stream().filter(beat -> beat.at().isAfter(oldest)).toList();
  }

  /// What people are shown, by name: the live workers, and for as long again those that have fallen
  /// silent, as [#SILENT].
  ///
  /// @param now by this machine's clock, which should not be wrong by more than a few seconds
  public List<WorkerBeat> lately(Instant now) {
    Instant oldest = now.minus(SILENT_MAX.multipliedBy(2));
    Instant silent = now.minus(SILENT_MAX);
    return beats()
        .filter(beat -> beat.at().isAfter(oldest))
        .map(beat -> isLive(beat) && beat.at().isAfter(silent) ? beat : beat.in(SILENT))
        .sorted(Comparator.comparing(WorkerBeat::worker))
        .toList();
  }

  /// Whether a live worker has a handler of the queue.
  public boolean announces(String canvas, String queue) {
    QueueName name = new QueueName(canvas, queue);
    return anyLive(each -> each.handles(name));
  }

  /// Whether a live worker has a handler of another queue of the canvas.
  public boolean announcesOther(String canvas, String queue) {
    QueueName name = new QueueName(canvas, queue);
    return anyLive(each -> each.handlesOther(name));
  }

  private boolean anyLive(Predicate<Said> which) {
    for (Said each : said.values()) {
      if (isLive(each.beat()) && which.test(each)) {
        return true;
      }
    }
    return false;
  }

  private Stream<WorkerBeat> beats() {
    return said.values().stream().map(Said::beat);
  }

  private boolean isLive(WorkerBeat beat) {
    return !beat.at().plus(SILENT_MAX).isBefore(newest);
  }
}
