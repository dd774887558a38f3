package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.util.Random;

/// What kind of life a simulated fleet has. Chosen by the seed, constant over a run.
///
/// @param kind what happens at all
/// @param trouble how many of a thousand effects go wrong
/// @param emitOneIn one step in so many emits an event
/// @param refreshOneIn a worker hears of news in the control log at one of so many turns
/// @param revocationGrace how long a partition that is taken away waits for its handlers; less than
///   a draining worker keeps for its last write, as no plain commit is taken meanwhile
/// @param pollRecordsMax what one poll returns at most
/// @param slotsMax the most handlers that a worker runs at once
/// @param ledgerChars what the broker allows as a commit's metadata
/// @param removes whether the topics of deleted canvases go
/// @param trims whether what is settled is removed from the log now and then
/// @param flood how many quick events come at once behind one that hangs, once a round
record SimPlan(
    Kind kind,
    int trouble,
    int emitOneIn,
    int refreshOneIn,
    Duration revocationGrace,
    int pollRecordsMax,
    int slotsMax,
    int ledgerChars,
    boolean removes,
    boolean trims,
    int flood) {

  /// What may happen.
  enum Kind {
    /// Everything, at any time.
    ROUGH,
    /// Workers come, and go in peace; partitions move. Nothing may be charged but what a draining
    /// worker hands back.
    GENTLE,
    /// As gentle, but without drains; and from time to time comes an event that kills its worker.
    /// No other may be exhausted.
    KILLERS,
    /// As gentle, but without drains; all events of one queue kill their workers, until it is
    /// mended. Its breaker must block it and try it, and no other event be exhausted.
    POISONED
  }

  static SimPlan of(Random random, long seed) {
    Kind kind =
        switch (random.nextInt(5)) {
          case 0 -> Kind.GENTLE;
          case 1 -> Kind.KILLERS;
          default -> Kind.ROUGH;
        };
    return new SimPlan(
        kind,
        kind == Kind.ROUGH ? random.nextInt(60) : 0,
        1 + random.nextInt(random.nextBoolean() ? 6 : 40),
        1 + random.nextInt(random.nextBoolean() ? 10 : 300),
        random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(500)),
        random.nextBoolean() ? 2_000 : 20,
        random.nextInt(4) == 0 ? 4 : 120,
        random.nextBoolean() ? 4_096 : 100 + random.nextInt(200),
        // Not by chance: the seeds that are kept shall replay what they found.
        seed % 6 == 0 || seed % 6 == 4,
        seed % 6 == 0 || seed % 12 == 11,
        random.nextInt(4) == 0 ? 1_600 : 0);
  }

  /// A life with a queue that is poisoned.
  static SimPlan poisoned(Random random) {
    return new SimPlan(
        Kind.POISONED,
        0,
        1 + random.nextInt(40),
        1 + random.nextInt(random.nextBoolean() ? 10 : 100),
        random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(random.nextInt(500)),
        random.nextBoolean() ? 2_000 : 20,
        random.nextInt(4) == 0 ? 4 : 120,
        4_096,
        false,
        true,
        0);
  }

  boolean poisoned() {
    return kind == Kind.POISONED;
  }

  boolean rough() {
    return kind == Kind.ROUGH;
  }
}
