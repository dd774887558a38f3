package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a command come to an end in good order when it is interrupted: it is asked to stop, and the
/// process waits for it. A process that was interrupted ends with the status of its signal (130).
final class Interruption implements AutoCloseable {
  private static final Duration END_MAX = Duration.ofSeconds(20);

  private final Duration endMax;

  /// Counted down by the hook's thread, read by the command's.
  private final CountDownLatch asked = new CountDownLatch(1);

  /// Counted down by the command's thread, awaited by the hook's.
  private final CountDownLatch ended = new CountDownLatch(1);

  private final Thread hook = new Thread(this::stop, "nightshift-interruption");

  private Interruption(Duration endMax) {
    this.endMax = endMax;
  }

  static Interruption begin() {
    return begin(END_MAX);
  }

  /// @param endMax how long the command may take to come to its end
  static Interruption begin(Duration endMax) {
    Interruption interruption = new Interruption(endMax);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  private void stop() {
    asked.countDown();
    try {
      if (ended.await(1, TimeUnit.SECONDS)) {
        return;
      }
      System.err.println(
          "nightshift: it stops as soon as it is known what Kafka has, within "
              + Durations.text(endMax));
      if (!ended.await(endMax.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("nightshift: it did not stop in time and is cut off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether the command should stop.
  boolean requested() {
    return asked.getCount() == 0;
  }

  @Override
  public void close() {
    System.out.flush();
    ended.countDown();
    if (!requested()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // It is running already.
      }
    }
  }
}
