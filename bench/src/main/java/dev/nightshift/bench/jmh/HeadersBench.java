package dev.nightshift.bench.jmh;

import dev.nightshift.common.EventEnvelope;
import dev.nightshift.common.KnownNames;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Reading what an event's headers say.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HeadersBench {
  private final KnownNames names = new KnownNames();
  private final ConsumerRecord<byte[], byte[]> record = Events.polled("bench", 0, 17);

  /// As from a canvas's topic.
  @Benchmark
  public EventEnvelope read() {
    return EventEnvelope.read(record, false, names);
  }
}
