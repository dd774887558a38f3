package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Events that were running when a process died. They run in shrinking company: at most 1,000 with
/// one suspicion at once, then 32, then each alone, and never two kinds together, so that an
/// innocent one gets rid of its bad company. In the order of their coming. Owned by the loop's
/// thread. Pure.
///
/// One that has run for [#PATIENCE] is nobody's company any more: what kills a process mostly does
/// so soon, and a handler that hangs must not hold up all suspects behind it. But one on its last
/// attempt stays company until it ends: whoever is started beside it could exhaust it.
final class Suspects {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int attemptsMax;
  private final Deque<Waiting> line = new ArrayDeque<>();
  // In the order of their starts, all of one kind.
  private final Deque<Running> company = new ArrayDeque<>();

  private record Running(Waiting waiting, long sinceNanos) {}

  Suspects(int attemptsMax) {
    this.attemptsMax = attemptsMax;
  }

  int size() {
    return line.size();
  }

  void forEach(Consumer<Waiting> visitor) {
    line.forEach(visitor);
  }

  void add(Waiting waiting) {
    line.addLast(waiting);
  }

  /// How many events of that suspicion may run at once.
  static int company(int suspicion) {
    return switch (suspicion) {
      case 1 -> 1_000;
      case 2 -> 32;
      default -> 1;
    };
  }

  /// Takes the first that `may` start, if its company allows it.
  Optional<Waiting> take(Predicate<Waiting> may, long nanos) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    company.removeIf(each ->
        nanos - each.sinceNanos() >= PATIENCE.toNanos()
            && each.waiting().event().attempt() < attemptsMax);
    for (int tried = line.size(); tried > 0 && fits(kind(line.getFirst())); tried--) {
      Waiting next = line.removeFirst();
      if (may.test(next)) {
        company.addLast(new Running(next, nanos));
        return Optional.of(next);
      }
      // Its queue or canvas has all that it may have; others need not wait for that.
      line.addLast(next);
    }
    return Optional.empty();
  }

  private boolean fits(int kind) {
    Running any = company.peekFirst();
    return any == null || (kind(any.waiting()) == kind && company.size() < company(kind));
  }

  /// One that was taken runs no more.
  void ended(Waiting waiting) {
    company.removeIf(each -> each.waiting() == waiting);
  }

  Collection<Waiting> remove(Predicate<Waiting> which) {
    List<Waiting> removed = new ArrayList<>();
    line.removeIf(waiting -> which.test(waiting) && removed.add(waiting));
    return removed;
  }

  private static int kind(Waiting waiting) {
    return Math.min(waiting.event().suspicion(), 3);
  }
}
