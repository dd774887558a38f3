package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.side.RawSide;
import dev.nightshift.bench.stage.Side;
import java.time.Duration;
import java.util.List;

/// All that can be measured.
public final class Runs {
  private static final int AT_ONCE = 10_000;
  private static final String NIGHTSHIFT = "nightshift";
  private static final String RAW = "raw";
  private static final Side RAW_SIDE =
      new Side.Yardstick(RAW, RawSide.class, List.of(Integer.toString(AT_ONCE)));

  /// In the order in which they run.
  public static final List<BenchRun> ALL = List.of(noop());

  private Runs() {}

  private static BenchRun noop() {
    return new Drain(
        "noop",
        "Handlers that do nothing.",
        new Drain.Size(300_000, 1_000_000, Duration.ZERO),
        stage -> List.of(stage.nightshift(NIGHTSHIFT), RAW_SIDE),
        List.of(Goal.atLeast(NIGHTSHIFT, 0.4, RAW), Goal.atLeast(NIGHTSHIFT, 100_000)));
  }
}
