package dev.nightshift.cli.internal.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// The signals that tell this process to end, so that it ends in order. Signals come on threads of
/// the JVM's, one thread awaits them.
final class StopSignals implements AutoCloseable {
  /// What Ctrl-C sends.
  static final String INTERRUPT = "INT";

  private static final int SIGNALS_KEPT_MAX = 16;

  private final LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>(SIGNALS_KEPT_MAX);
  private final Map<String, SignalHandler> before = new HashMap<>();

  private StopSignals() {}

  /// From now on they do not end this process by themselves.
  static StopSignals take() {
    StopSignals taken = new StopSignals();
    for (String name : new String[] {INTERRUPT, "TERM", "HUP"}) {
      taken.before.put(
          name, Signal.handle(new Signal(name), signal -> taken.received.offer(signal.getName())));
    }
    return taken;
  }

  /// Waits for the next, but not for longer than `atMost`.
  ///
  /// @return its name; empty if there was none
  Optional<String> await(Duration atMost) {
    try {
      return Optional.ofNullable(received.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(INTERRUPT);
    }
  }

  /// They do again what they did before.
  @Override
  public void close() {
    before.forEach((name, handler) -> Signal.handle(new Signal(name), handler));
  }
}
