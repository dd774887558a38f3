package dev.nightshift.bench.run;

import dev.nightshift.bench.jmh.MicroBenchmarks;
import dev.nightshift.bench.report.Report;
import dev.nightshift.bench.stage.Setting;
import java.time.Duration;

/// How the worker's hot parts do by themselves.
final class MicroRun implements BenchRun {
  private static final int ITERATIONS = 5;

  @Override
  public String name() {
    return MicroBenchmarks.NAME;
  }

  @Override
  public Report measure(Setting setting) {
    return MicroBenchmarks.run(setting.rounds(), ITERATIONS, Duration.ofSeconds(1));
  }
}
