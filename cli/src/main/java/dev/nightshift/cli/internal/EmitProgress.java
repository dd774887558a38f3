package dev.nightshift.cli.internal;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;

/// Shows on a terminal how far an emission is, once it has taken a second. For one thread.
final class EmitProgress implements AutoCloseable {
  private static final long AFTER_NANOS = 1_000_000_000L;
  private static final long EVERY = 256;

  private final boolean shown;
  private final long total;
  private final long begin = System.nanoTime();
  private long last;
  private @Nullable ProgressBar bar;

  private EmitProgress(boolean shown, long total) {
    this.shown = shown;
    this.total = total;
  }

  /// @param total how many events there are; 0 if that is not known
  /// @param quiet whether nothing is shown
  static EmitProgress begin(long total, boolean quiet) {
    return new EmitProgress(!quiet && Streams.errorsAreTerminal(), total);
  }

  void stepTo(long done) {
    if (!shown || done - last < EVERY) {
      return;
    }
    last = done;
    ProgressBar showing = bar;
    if (showing == null && System.nanoTime() - begin > AFTER_NANOS) {
      showing = Bar.of("emitted", "", total == 0 ? -1 : total);
      bar = showing;
    }
    if (showing != null) {
      showing.stepTo(done);
    }
  }

  /// `1,707`.
  static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /// `1 event`, `1,707 events`.
  static String events(long count) {
    return number(count) + (count == 1 ? " event" : " events");
  }

  @Override
  public void close() {
    ProgressBar showing = bar;
    if (showing != null) {
      showing.close();
    }
  }
}
