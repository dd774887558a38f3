package dev.nightshift.cli.internal.local;

import dev.nightshift.common.Durations;
import dev.nightshift.common.scale.ScaleDecision;
import java.time.Instant;
import java.util.Optional;

/// How many workers run on this machine: as many as the scheduler wants, within bounds of this
/// machine's own. While no scheduler decides it stays as it is. No clock: time comes in. Owned by
/// one thread.
final class FleetSize {
  private final int min;
  private final int max;
  private int workers;
  private Hearing last = Hearing.NOTHING_YET;

  private enum Hearing {
    NOTHING_YET,
    NEVER,
    OLD,
    FRESH
  }

  /// Begins with the fewest.
  ///
  /// @param min from 0
  /// @param max from `min`
  FleetSize(int min, int max) {
    this.min = min;
    this.max = max;
    this.workers = min;
  }

  /// As many as should run.
  int workers() {
    return workers;
  }

  /// Takes notice of what the scheduler said last.
  ///
  /// @param deaf why it cannot be heard, if it cannot
  /// @return what is to be told of it: each change, and once when no scheduler decides
  Optional<String> hear(Optional<ScaleDecision> said, Optional<String> deaf, Instant now) {
    Hearing before = last;
    Optional<ScaleDecision> fresh = said.filter(decision -> decision.isFresh(now));
    last = fresh.isPresent() ? Hearing.FRESH : said.isPresent() ? Hearing.OLD : Hearing.NEVER;
    if (fresh.isEmpty()) {
      return last == before ? Optional.empty() : Optional.of(silence(deaf));
    }
    int within = Math.clamp(fresh.get().wanted(), min, max);
    if (within == workers && last == before) {
      return Optional.empty();
    }
    workers = within;
    return Optional.of(wanted(fresh.get()));
  }

  private String silence(Optional<String> deaf) {
    String why =
        last == Hearing.NEVER
            ? "no scheduler has said yet how many workers are wanted"
            : "no scheduler has said for "
                + Durations.text(ScaleDecision.FRESH_MAX)
                + " how many workers are wanted";
    return deaf.map(problem -> why + ", or it was not heard (" + problem + ")").orElse(why)
        + ": "
        + (workers == 1 ? "1 runs" : workers + " run")
        + " until one does. See which run with: nightshift scale";
  }

  private String wanted(ScaleDecision decision) {
    int wanted = decision.wanted();
    String here =
        wanted > workers
            ? " and gets " + workers + " here (--max)"
            : wanted < workers ? " and gets " + workers + " here (--min)" : "";
    return "the scheduler wants " + count(wanted) + here + ": " + decision.reason();
  }

  /// `1 worker`, `2 workers`.
  static String count(int workers) {
    return workers == 1 ? "1 worker" : workers + " workers";
  }
}
