package dev.nightshift.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One event's way through the loop, gate, claim and settling included, over a log in memory.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GateBench {
  private static final int EVENTS = 100_000;

  private MemoryWorker worker = new MemoryWorker(0);

  /// A new worker before events that wait.
  @Setup(Level.Invocation)
  public void fill() {
    worker = new MemoryWorker(EVENTS);
  }

  /// All of them.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long loop() {
    return worker.run(EVENTS);
  }
}
