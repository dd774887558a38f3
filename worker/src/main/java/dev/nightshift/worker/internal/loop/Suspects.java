package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
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
///
/// Beside one that runs alone no other event of any queue is started, nor within [#QUIET] before
/// it, nor before its end is on record: if the process dies then, it is known who did it. So that
/// this holds nobody up for ever, it ends with [#PATIENCE], or twice that where what has ended
/// cannot be recorded, and then others are started for as long as they were not.
final class Suspects {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  static final Duration QUIET = Duration.ofSeconds(2);

  /// For so long nothing is started at most, whatever does not come to an end.
  private static final Duration HELD_MAX = PATIENCE.multipliedBy(2);

  /// The suspicion from which on an event runs alone.
  static final int ALONE = 3;

  // Where that many may not start, the next ones are looked at the next time: a queue that is tried
  // may have thousands here, and none of them may.
  private static final int LOOKED_AT_MAX = 64;

  private final int attemptsMax;
  private final Deque<Suspect> line = new ArrayDeque<>();
  // In the order of their starts, all of one kind.
  private final Deque<Running> company = new ArrayDeque<>();
  private boolean othersWait;
  private boolean aloneTaken;
  private OptionalLong othersStarted = OptionalLong.empty();
  private OptionalLong holdsSince = OptionalLong.empty();
  private OptionalLong openUntil = OptionalLong.empty();

  private record Suspect(Waiting waiting, int kind) {}

  private record Running(Suspect suspect, long sinceNanos) {}

  Suspects(int attemptsMax) {
    this.attemptsMax = attemptsMax;
  }

  int size() {
    return line.size();
  }

  void forEach(Consumer<Waiting> visitor) {
    line.forEach(suspect -> visitor.accept(suspect.waiting()));
  }

  void add(Waiting waiting) {
    line.addLast(new Suspect(waiting, Math.min(waiting.event().suspicion(), ALONE)));
  }

  /// It runs alone, whatever its suspicion.
  void addAlone(Waiting waiting) {
    line.addLast(new Suspect(waiting, ALONE));
  }

  /// How many events of that suspicion may run at once.
  static int company(int suspicion) {
    return switch (suspicion) {
      case 1 -> 1_000;
      case 2 -> 32;
      default -> 1;
    };
  }

  /// Whether events wait that nobody suspects.
  void othersWait(boolean now) {
    othersWait = now;
  }

  /// The handler of an event, of these or another, starts.
  void began(Waiting waiting, long nanos) {
    Running first = company.peekFirst();
    boolean alone = first != null && first.suspect().waiting() == waiting;
    if (!alone) {
      othersStarted = OptionalLong.of(nanos);
    }
  }

  /// Whether nothing at all may be started now: one runs alone, or is about to and what was started
  /// last may still kill the process.
  ///
  /// @param unsettled whether one that was taken has not [#began] yet, or has ended and that is not
  ///   on record: it would count as lost, too
  boolean holdsAll(Predicate<Waiting> may, long nanos, BooleanSupplier unsettled) {
    if (isOthersTurn(ALONE, nanos)) {
      return false;
    }
    if (isHeldTooLong(nanos)) {
      holdsNoMore(nanos);
      return false;
    }
    if (runsAlone(nanos)) {
      holds(nanos);
      return true;
    }
    if (aloneTaken) {
      if (company.isEmpty() && unsettled.getAsBoolean()) {
        holds(nanos);
        return true;
      }
      aloneTaken = false;
      holdsNoMore(nanos);
    }
    if (!wantsToRunAlone(may, nanos)) {
      holdsNoMore(nanos);
      return false;
    }
    holds(nanos);
    return isLoud(nanos) || unsettled.getAsBoolean();
  }

  // Whatever it is that does not come to an end.
  private boolean isHeldTooLong(long nanos) {
    return holdsSince.isPresent() && nanos - holdsSince.getAsLong() > HELD_MAX.toNanos();
  }

  private void holds(long nanos) {
    if (othersWait && holdsSince.isEmpty()) {
      holdsSince = OptionalLong.of(nanos);
    }
  }

  private void holdsNoMore(long nanos) {
    if (holdsSince.isPresent()) {
      openUntil = OptionalLong.of(nanos + (nanos - holdsSince.getAsLong()));
      holdsSince = OptionalLong.empty();
    }
  }

  private boolean runsAlone(long nanos) {
    Running first = company.peekFirst();
    return first != null
        && first.suspect().kind() == ALONE
        && nanos - first.sinceNanos() < PATIENCE.toNanos();
  }

  private boolean isLoud(long nanos) {
    return othersStarted.isPresent() && nanos - othersStarted.getAsLong() < QUIET.toNanos();
  }

  private boolean wantsToRunAlone(Predicate<Waiting> may, long nanos) {
    return next(may, nanos).filter(suspect -> suspect.kind() == ALONE).isPresent();
  }

  private boolean isOthersTurn(int kind, long nanos) {
    return kind == ALONE
        && othersWait
        && openUntil.isPresent()
        && nanos - openUntil.getAsLong() < 0;
  }

  /// Takes the first that `may` start, if its company allows it.
  Optional<Waiting> take(Predicate<Waiting> may, long nanos) {
    Optional<Suspect> next = next(may, nanos);
    next.ifPresent(suspect -> {
      company.addLast(new Running(line.removeFirst(), nanos));
      aloneTaken = suspect.kind() == ALONE;
    });
    return next.map(Suspect::waiting);
  }

  // Brings it to the head of the line.
  private Optional<Suspect> next(Predicate<Waiting> may, long nanos) {
    if (line.isEmpty()) {
      return Optional.empty();
    }
    company.removeIf(each ->
        nanos - each.sinceNanos() >= PATIENCE.toNanos()
            && each.suspect().waiting().event().attempt() < attemptsMax);
    for (int tried = Math.min(line.size(), LOOKED_AT_MAX);
        tried > 0 && fits(line.getFirst().kind());
        tried--) {
      Suspect next = line.getFirst();
      if (!isOthersTurn(next.kind(), nanos) && may.test(next.waiting())) {
        return Optional.of(next);
      }
      // Its queue or canvas has all that it may have; others need not wait for that.
      line.addLast(line.removeFirst());
    }
    return Optional.empty();
  }

  private boolean fits(int kind) {
    Running any = company.peekFirst();
    return any == null || (any.suspect().kind() == kind && company.size() < company(kind));
  }

  /// One that was taken runs no more.
  void ended(Waiting waiting) {
    company.removeIf(each -> each.suspect().waiting() == waiting);
  }

  Collection<Waiting> remove(Predicate<Waiting> which) {
    List<Waiting> removed = new ArrayList<>();
    line.removeIf(suspect -> which.test(suspect.waiting()) && removed.add(suspect.waiting()));
    return removed;
  }
}
