package dev.nightshift.cli.internal;

import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Makes progress bars that leave Ctrl-C alone. The library's own take the terminal, and with it
/// SIGINT: the process would end at once, and nobody be told what was done until then.
public final class Bar {
  private static final int COLUMNS = 79;

  private Bar() {}

  /// A bar on stderr.
  ///
  /// @param max what counts as all; -1 if that is not known
  public static ProgressBar of(String name, String unit, long max) {
    return new ProgressBarBuilder()
        .setTaskName(name)
        .setUnit(unit, 1)
        .setInitialMax(max)
        .setStyle(ProgressBarStyle.ASCII)
        .setConsumer(new ConsoleProgressBarConsumer(System.err, COLUMNS))
        .build();
  }
}
