package dev.nightshift.bench.handlers;

import java.time.Duration;

/// What a handler does with one event: it sleeps for as long as the payload says, if it does. The
/// same code on all sides.
public final class Work {
  private Work() {}

  /// Runs one event and counts it. Only first attempts sleep.
  ///
  /// @param attempt from 1
  public static void run(byte[] bytes, int attempt) throws InterruptedException {
    Payload payload = Payload.read(bytes);
    Tally.OF_PROCESS.start(payload, attempt);
    if (payload.sleepMillis() > 0 && attempt == 1) {
      Thread.sleep(Duration.ofMillis(payload.sleepMillis()));
    }
    Tally.OF_PROCESS.end(payload.number());
  }
}
