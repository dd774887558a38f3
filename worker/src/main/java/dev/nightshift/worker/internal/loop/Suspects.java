package dev.nightshift.worker.internal.loop;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Events that were running when a process died. They run in shrinking company: at most 1,000 with
/// one suspicion at once, then 32, then each alone, and never two kinds together, so that an
/// innocent one gets rid of its bad company. In the order of their coming. Owned by the loop's
/// thread. Pure.
final class Suspects {
  private final Deque<Waiting> line = new ArrayDeque<>();
  private int runningKind;
  private int running;

  int size() {
    return line.size();
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

  /// Takes the first, if its company allows it and `may` does.
  Optional<Waiting> take(Predicate<Waiting> may) {
    Waiting first = line.peekFirst();
    if (first == null) {
      return Optional.empty();
    }
    int kind = kind(first.event().suspicion());
    boolean company = running == 0 || (kind == runningKind && running < company(kind));
    if (!company || !may.test(first)) {
      return Optional.empty();
    }
    line.removeFirst();
    runningKind = kind;
    running++;
    return Optional.of(first);
  }

  void ended(int suspicion) {
    if (running == 0 || kind(suspicion) != runningKind) {
      throw new IllegalStateException("no suspect of suspicion " + suspicion + " runs");
    }
    running--;
  }

  Collection<Waiting> remove(Predicate<Waiting> which) {
    List<Waiting> removed = new ArrayList<>();
    line.removeIf(waiting -> which.test(waiting) && removed.add(waiting));
    return removed;
  }

  private static int kind(int suspicion) {
    return Math.min(suspicion, 3);
  }
}
