package dev.nightshift.bench.handlers;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts in a consuming process how often each event was started and came to its end, by the
/// number at the start of its payload. The same code on all sides of a comparison. Safe for use by
/// many threads.
///
/// System properties: `bench.tally` is the file that [#dump] writes, `bench.total` how many events
/// there are, `bench.warm` with how many starts the clock starts, `bench.broker` the broker's
/// process.
public final class Tally {
  /// This process's.
  public static final Tally OF_PROCESS =
      new Tally(
          Integer.getInteger("bench.total", 0),
          Integer.getInteger("bench.warm", 0),
          Path.of(System.getProperty("bench.tally", "tally")));

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(byte[].class);

  private final byte[] starts;
  private final byte[] ends;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final int warmAfter;
  private final Path file;

  /// Both written by the one thread whose event reaches the number.
  private volatile Moment warm = Moment.NEVER;

  private volatile Moment lastEnd = Moment.NEVER;

  /// Written by the main thread of a side that ends itself.
  private volatile Moment durable = Moment.NEVER;

  /// A time, and what this process and the broker had used of the processors by then.
  private record Moment(long atMillis, long ownCpuMicros, long brokerCpuMicros) {
    static final Moment NEVER = new Moment(0, 0, 0);
    private static final long BROKER = Long.getLong("bench.broker", 0);

    static Moment now() {
      return new Moment(
          System.currentTimeMillis(),
          cpuMicros(Optional.of(ProcessHandle.current())),
          cpuMicros(ProcessHandle.of(BROKER)));
    }

    private static long cpuMicros(Optional<ProcessHandle> process) {
      return process.flatMap(p -> p.info().totalCpuDuration()).orElse(Duration.ZERO).toNanos()
          / 1_000;
    }

    void write(DataOutputStream out) throws IOException {
      out.writeLong(atMillis);
      out.writeLong(ownCpuMicros);
      out.writeLong(brokerCpuMicros);
    }
  }

  Tally(int total, int warmAfter, Path file) {
    this.starts = new byte[total];
    this.ends = new byte[total];
    this.warmAfter = warmAfter;
    this.file = file;
  }

  /// The event's number, from 0.
  public static int number(byte[] payload) {
    return ByteBuffer.wrap(payload).getInt();
  }

  /// A handler starts with an event.
  ///
  /// @param attempt from 1
  public void start(int number, int attempt) {
    COUNTS.getAndAdd(starts, number, (byte) 1);
    if (attempt > 1) {
      repeated.incrementAndGet();
    }
    if (started.incrementAndGet() == warmAfter) {
      warm = Moment.now();
    }
  }

  /// A handler has come to its end.
  public void end(int number) {
    COUNTS.getAndAdd(ends, number, (byte) 1);
    if (ended.incrementAndGet() == ends.length) {
      lastEnd = Moment.now();
    }
  }

  /// Whether as many have come to their ends as there are events.
  public boolean done() {
    return ended.get() >= ends.length;
  }

  /// All that was done is on record in Kafka.
  public void durable() {
    durable = Moment.now();
  }

  /// Writes all to the file, which is there as a whole or not at all.
  public void dump() {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
        warm.write(out);
        lastEnd.write(out);
        durable.write(out);
        out.writeInt(repeated.get());
        out.writeInt(starts.length);
        out.write(starts);
        out.write(ends);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
