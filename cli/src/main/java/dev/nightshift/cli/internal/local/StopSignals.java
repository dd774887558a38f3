package dev.nightshift.cli.internal.local;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
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

  // Guarded by this object's monitor.
  private @Nullable Thread interruptible;

  /// A signal came before that was done which it is told of.
  static final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String signal;

    StoppedException(String signal) {
      super("stopped by SIG" + signal);
      this.signal = signal;
    }

    /// The signal's name.
    String signal() {
      return signal;
    }
  }

  private StopSignals() {}

  /// From now on they do not end this process by themselves.
  static StopSignals take() {
    StopSignals taken = new StopSignals();
    for (String name : new String[] {INTERRUPT, "TERM", "HUP"}) {
      taken.before.put(
          name, Signal.handle(new Signal(name), signal -> taken.receive(signal.getName())));
    }
    return taken;
  }

  private synchronized void receive(String name) {
    received.offer(name);
    if (interruptible != null) {
      interruptible.interrupt();
    }
  }

  /// Does what may take long; a signal interrupts it, also one that came before. If it is done all
  /// the same, the signal is still there to be awaited.
  ///
  /// @throws StoppedException if it failed, and a signal had come
  <T> T interruptibly(Supplier<T> work) {
    begin(Thread.currentThread());
    try {
      return work.get();
    } catch (RuntimeException e) {
      String signal = received.peek();
      if (signal == null) {
        throw e;
      }
      StoppedException stopped = new StoppedException(signal);
      stopped.addSuppressed(e);
      throw stopped;
    } finally {
      end();
    }
  }

  private synchronized void begin(Thread thread) {
    interruptible = thread;
    if (!received.isEmpty()) {
      thread.interrupt();
    }
  }

  // What is done next is not to be interrupted by a signal that came before.
  private synchronized void end() {
    interruptible = null;
    boolean unused = Thread.interrupted();
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
