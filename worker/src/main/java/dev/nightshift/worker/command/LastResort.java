package dev.nightshift.worker.command;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Ends a process that has been told to end and does not: a broker may hang, or a thread.
public final class LastResort {
  private LastResort() {}

  /// From now on this process ends after a time, if it still is, by a thread `nightshift-grace`.
  ///
  /// @param said on stderr then
  /// @param exitCode an [ExitCode]
  public static void endAfter(Duration most, String said, int exitCode) {
    Thread.ofPlatform()
        .name("nightshift-grace")
        .daemon()
        .start(() -> {
          long end = System.nanoTime() + most.toNanos();
          for (long left = most.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          System.err.println(said);
          Runtime.getRuntime().halt(exitCode);
        });
  }
}
