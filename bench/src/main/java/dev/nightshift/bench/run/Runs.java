package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Goal;
import dev.nightshift.bench.run.Drain.Entry;
import dev.nightshift.bench.side.ParallelSide;
import dev.nightshift.bench.side.RawSide;
import dev.nightshift.bench.side.ShareSide;
import dev.nightshift.bench.side.SpringSide;
import dev.nightshift.bench.stage.Side;
import java.time.Duration;
import java.util.List;

/// All that can be measured.
public final class Runs {
  private static final int AT_ONCE = 10_000;
  static final String ON = "nightshift";
  private static final String OFF = "nightshift, traces off";
  static final String RAW = "raw";
  private static final String SHARE = "share consumer";
  private static final String SPRING = "Spring, @RetryableTopic";
  private static final String PARALLEL_100 = "Parallel Consumer, 100 threads";
  private static final String PARALLEL_1000 = "Parallel Consumer, 1,000 threads";
  static final Side RAW_SIDE =
      new Side.Yardstick(RAW, RawSide.class, List.of(Integer.toString(AT_ONCE)));
  private static final Side PARALLEL_100_SIDE =
      new Side.Yardstick(PARALLEL_100, ParallelSide.class, List.of("100"));
  private static final Side PARALLEL_1000_SIDE =
      new Side.Yardstick(PARALLEL_1000, ParallelSide.class, List.of("1000"));

  /// In the order in which they run.
  public static final List<BenchRun> ALL =
      List.of(
          noop(),
          sleep10(),
          sleep100(),
          peers(),
          new ChildrenRun(),
          new EmitRun(),
          new LatencyRun(),
          new BacklogRun(),
          new ScaleRun(),
          new BurstRun(),
          new RecoveryRun(),
          new CanvasesRun(),
          new NeighboursRun(),
          new HeapRun(),
          new TimersRun(),
          new FiresRun(),
          new CronsRun(),
          new TrimmingRun());

  /// Measured only when it is named: how the parts do by themselves.
  public static final BenchRun MICRO = new MicroRun();

  private Runs() {}

  private static BenchRun noop() {
    int events = 1_000_000;
    return new Drain(
        "noop",
        "Handlers that do nothing.",
        Duration.ZERO,
        stage ->
            List.of(
                new Entry(stage.nightshift(ON), events),
                new Entry(RAW_SIDE, events),
                new Entry(stage.nightshift(OFF, "--traces=off"), events),
                new Entry(PARALLEL_100_SIDE, events),
                new Entry(PARALLEL_1000_SIDE, events)),
        List.of(
            Goal.atLeast(ON, 0.4, RAW),
            Goal.atLeast(OFF, 0.7, RAW),
            Goal.atLeast(ON, 1.5, PARALLEL_100),
            Goal.atLeast(ON, 1.5, PARALLEL_1000),
            Goal.atLeast(OFF, 1.5, PARALLEL_100),
            Goal.atLeast(OFF, 1.5, PARALLEL_1000),
            Goal.atLeast(ON, 100_000)));
  }

  private static BenchRun peers() {
    int events = 150_000;
    return new Drain(
        "peers",
        "Handlers that do nothing, in what else there is: a share consumer that acknowledges each record, and"
            + " Spring's listener with retry topics, a thread for each of 6 partitions.",
        Duration.ZERO,
        stage ->
            List.of(
                new Entry(stage.nightshift(ON), events),
                new Entry(new Side.Yardstick(SHARE, ShareSide.class, List.of()), events),
                new Entry(new Side.Yardstick(SPRING, SpringSide.class, List.of()), events)),
        List.of());
  }

  private static BenchRun sleep10() {
    int events = 600_000;
    return new Drain(
        "sleep10",
        "Handlers that sleep for 10 ms, 10,000 of them at once.",
        Duration.ofMillis(10),
        stage ->
            List.of(
                new Entry(stage.nightshift(ON), events),
                new Entry(RAW_SIDE, events),
                new Entry(PARALLEL_1000_SIDE, events / 3)),
        List.of(Goal.atLeast(ON, 0.4, RAW), Goal.atLeast(ON, 4, PARALLEL_1000)));
  }

  private static BenchRun sleep100() {
    int events = 1_000_000; // The end, in which fewer and fewer run, is a third of a second.
    return new Drain(
        "sleep100",
        "Handlers that sleep for 100 ms, 10,000 of them at once: 100,000/s is the most there can be.",
        Duration.ofMillis(100),
        stage ->
            List.of(
                new Entry(stage.nightshift(ON), events),
                new Entry(RAW_SIDE, events),
                new Entry(PARALLEL_1000_SIDE, events / 20)),
        List.of(
            Goal.atLeast(ON, 90_000),
            Goal.atLeast(ON, 0.95, RAW),
            Goal.atLeast(ON, 8, PARALLEL_1000)));
  }
}
