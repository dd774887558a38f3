package dev.nightshift.common;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The flags of a control view. A look-up costs the same for ten flags and for ten thousand.
/// Immutable, safe for use by many threads.
public final class Flags {
  private static final Comparator<Flag> BLOCKS_FIRST =
      Comparator.comparing((Flag flag) -> flag.kind() == FlagKind.PAUSE)
          .thenComparing(Flag::setAt)
          .thenComparing(Flag::id);

  private final List<Flag> all;
  private final List<Flag> onAll = new ArrayList<>();
  private final Map<CanvasKey, List<Flag>> onCanvas = new HashMap<>();
  private final Map<QueueKey, List<Flag>> onQueue = new HashMap<>();

  private record CanvasKey(String canvas, int generation) {}

  private record QueueKey(String canvas, int generation, String queue) {}

  Flags(Collection<Flag> flags) {
    this.all = flags.stream().sorted(BLOCKS_FIRST).toList();
    for (Flag flag : all) {
      listOf(flag).add(flag);
    }
  }

  private List<Flag> listOf(Flag flag) {
    Optional<String> canvas = flag.scope().canvas();
    Optional<String> queue = flag.scope().queue();
    if (canvas.isEmpty()) {
      return onAll;
    }
    return queue.isEmpty()
        ? onCanvas.computeIfAbsent(
            new CanvasKey(canvas.get(), flag.generation()), key -> new ArrayList<>())
        : onQueue.computeIfAbsent(
            new QueueKey(canvas.get(), flag.generation(), queue.get()), key -> new ArrayList<>());
  }

  /// All that were set and not lifted, blocks first; also those that count no more.
  public List<Flag> all() {
    return all;
  }

  /// The flags that stop a queue now, blocks first, whatever their scope.
  public List<Flag> stopping(Canvas canvas, String queue, Instant now) {
    return all.isEmpty()
        ? List.of()
        : Stream.of(
                onAll,
                ofCanvas(canvas),
                onQueue.getOrDefault(
                    new QueueKey(canvas.name(), canvas.generation(), queue), List.of()))
            .flatMap(List::stream)
            .filter(flag -> flag.counts(now))
            .sorted(BLOCKS_FIRST)
            .toList();
  }

  /// Whether a queue is stopped now by a flag of its own or by one on more than it.
  public boolean stops(Canvas canvas, String queue, Instant now) {
    return stopsCanvas(canvas, now) || stopsQueue(canvas, queue, now);
  }

  /// Whether a queue is stopped now by a flag of its own.
  public boolean stopsQueue(Canvas canvas, String queue, Instant now) {
    return !onQueue.isEmpty()
        && onQueue
            .getOrDefault(new QueueKey(canvas.name(), canvas.generation(), queue), List.of())
            .stream()
            .anyMatch(flag -> flag.counts(now));
  }

  /// Whether everything is stopped now.
  public boolean stopsAll(Instant now) {
    return onAll.stream().anyMatch(flag -> flag.counts(now));
  }

  /// Whether a canvas is stopped now as a whole, by its own flag or by one on all canvases.
  public boolean stopsCanvas(Canvas canvas, Instant now) {
    return !all.isEmpty()
        && Stream.of(onAll, ofCanvas(canvas))
            .flatMap(List::stream)
            .anyMatch(flag -> flag.counts(now));
  }

  /// The flags of one kind on exactly this scope that count now.
  ///
  /// @param generation of the scope's canvas; 0 if it is all canvases
  public List<Flag> exactly(FlagKind kind, Scope scope, int generation, Instant now) {
    return all.stream()
        .filter(flag ->
            flag.kind() == kind
                && flag.scope().equals(scope)
                && flag.generation() == generation
                && flag.counts(now))
        .toList();
  }

  /// Those that count no more by themselves since an instant at the latest.
  List<Flag> endedBy(Instant instant) {
    return all.stream()
        .filter(flag -> flag.until().filter(end -> !end.isAfter(instant)).isPresent())
        .toList();
  }

  /// When the first of those that count now will count no more by itself.
  public Optional<Instant> nextEnd(Instant now) {
    return all.stream()
        .filter(flag -> flag.counts(now))
        .flatMap(flag -> flag.until().stream())
        .min(Comparator.naturalOrder());
  }

  private List<Flag> ofCanvas(Canvas canvas) {
    return onCanvas.getOrDefault(new CanvasKey(canvas.name(), canvas.generation()), List.of());
  }
}
