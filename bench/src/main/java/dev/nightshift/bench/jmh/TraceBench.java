package dev.nightshift.bench.jmh;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.Outcome;
import dev.nightshift.common.RecordCodec;
import dev.nightshift.common.record.Trace;
import dev.nightshift.worker.internal.run.AttemptLimits;
import dev.nightshift.worker.internal.run.Traces;
import dev.nightshift.worker.internal.run.WorkerIdentity;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Building a trace, and its bytes.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TraceBench {
  private final EventEnvelope event = EventEnvelope.read(Events.polled("bench", 0, 17), false);
  private final Traces traces =
      new Traces(new WorkerIdentity("worker-1", "host-1"), AttemptLimits.STANDARD.trace());
  private final Instant now = Instant.parse("2026-11-26T02:20:44.123456Z");
  private final Trace built = build();

  /// From the event's envelope.
  @Benchmark
  public Trace build() {
    return traces.withoutHandler(event, "bench", Outcome.COMPLETED, "as told", now);
  }

  /// Avro's bytes.
  @Benchmark
  public byte[] encode() {
    return RecordCodec.TRACES.encode(built);
  }
}
