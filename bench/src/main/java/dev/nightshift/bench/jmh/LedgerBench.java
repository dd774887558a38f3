package dev.nightshift.bench.jmh;

import dev.nightshift.common.ledger.Ledger;
import dev.nightshift.common.ledger.LedgerCodec;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// A ledger's marks, and its text.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LedgerBench {
  private static final int EVENTS = 2_000;

  private final Ledger busy = busy();

  /// Every other event of as many as one poll brings is completed, the rest is claimed.
  private static Ledger busy() {
    Ledger ledger = Ledger.empty(Uuid.randomUuid(), 0);
    for (int offset = 0; offset < EVENTS; offset++) {
      ledger.receive(offset);
      ledger.claim(offset);
      if (offset % 2 == 1) {
        ledger.complete(offset);
      }
    }
    return ledger;
  }

  /// One event's way through the ledger: received, claimed, completed.
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long marks() {
    Ledger ledger = Ledger.empty(Uuid.ZERO_UUID, 0);
    for (int offset = 0; offset < EVENTS; offset++) {
      ledger.receive(offset);
      ledger.claim(offset);
    }
    for (int offset = 0; offset < EVENTS; offset++) {
      ledger.complete(offset);
    }
    return ledger.base();
  }

  /// The text of a ledger with 1,000 claims among 2,000 events.
  @Benchmark
  public String encode() {
    return LedgerCodec.encode(busy, "worker-1");
  }
}
