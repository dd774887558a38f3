package dev.nightshift.bench.handlers;

import java.time.Duration;

/// What a handler does with one event: nothing, or as long a sleep as the system property
/// `bench.sleep` says in milliseconds. The same code on all sides.
public final class Work {
  private static final Duration SLEEP = Duration.ofMillis(Integer.getInteger("bench.sleep", 0));

  private Work() {}

  /// Runs one event and counts it.
  ///
  /// @param attempt from 1
  public static void run(byte[] payload, int attempt) throws InterruptedException {
    int number = Tally.number(payload);
    Tally.OF_PROCESS.start(number, attempt);
    if (!SLEEP.isZero()) {
      Thread.sleep(SLEEP);
    }
    Tally.OF_PROCESS.end(number);
  }
}
