package dev.nightshift.bench.jmh;

import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.report.Report;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs all micro-benchmarks of this package.
public final class MicroBenchmarks {
  /// How they are named on the command line.
  public static final String NAME = "jmh";

  private static final int WARM_UP = 3;

  private MicroBenchmarks() {}

  /// Runs them.
  ///
  /// @param forks JVMs of their own, one after the other; 0 for this one, which says little
  /// @param iterations that count, after a few to warm up
  /// @param iteration how long each takes
  public static Report run(int forks, int iterations, Duration iteration) {
    TimeValue time = new TimeValue(iteration.toMillis(), TimeUnit.MILLISECONDS);
    OptionsBuilder options = new OptionsBuilder();
    options.include(MicroBenchmarks.class.getPackageName() + "\\..*Bench\\.");
    options.forks(forks);
    options.warmupIterations(WARM_UP).warmupTime(time);
    options.measurementIterations(iterations).measurementTime(time);
    options.jvmArgsAppend("--sun-misc-unsafe-memory-access=allow", "-Xmx1g");
    try {
      return report(new Runner(options.build()).run(), forks, iterations, iteration);
    } catch (RunnerException e) {
      throw new IllegalStateException("the micro-benchmarks could not be run", e);
    }
  }

  private static Report report(
      Collection<RunResult> results, int forks, int iterations, Duration iteration) {
    Measured measured = new Measured();
    for (RunResult run : results) {
      for (BenchmarkResult fork : run.getBenchmarkResults()) {
        for (IterationResult each : fork.getIterationResults()) {
          Result<?> result = each.getPrimaryResult();
          String name = run.getParams().getBenchmark();
          String shown = name.substring(MicroBenchmarks.class.getPackageName().length() + 1);
          measured.add(shown, result.getScoreUnit(), "an iteration", result.getScore());
        }
      }
    }
    return new Report(
        NAME,
        String.format(
            Locale.ROOT,
            "JMH: %d JVMs with %d iterations of %d ms each, after %d to warm up.",
            forks,
            iterations,
            iteration.toMillis(),
            WARM_UP),
        measured.series(),
        List.of(),
        List.of());
  }
}
