package dev.nightshift.bench.handlers;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Counts in a consuming process how often each event was started and came to its end, by its
/// number. The same code on all sides of a comparison. Safe for use by many threads.
///
/// System properties: `bench.tally` is the file that [#dump] writes, and `bench.tally` with `.done`
/// appears when all have come to their ends; `bench.total` is how many events there are,
/// `bench.warm` with how many starts the clock starts, `bench.broker` the broker's process,
/// `bench.stamps` whether it is noted when each was started, `bench.live` whether a file with
/// `.live` says all the time how many were.
public final class Tally {
  /// This process's.
  public static final Tally OF_PROCESS =
      new Tally(
          Integer.getInteger("bench.total", 0),
          Integer.getInteger("bench.warm", 0),
          Boolean.getBoolean("bench.stamps"),
          Path.of(System.getProperty("bench.tally", "tally")));

  private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(byte[].class);

  private static final long LIVE_NANOS = 20_000_000;

  private final byte[] starts;
  private final byte[] ends;
  private final long[] emittedAtNanos;
  private final long[] startedAtNanos;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicBoolean hooked = new AtomicBoolean();
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

  Tally(int total, int warmAfter, boolean stamps, Path file) {
    this.starts = new byte[total];
    this.ends = new byte[total];
    this.emittedAtNanos = new long[stamps ? total : 0];
    this.startedAtNanos = new long[stamps ? total : 0];
    this.warmAfter = warmAfter;
    this.file = file;
  }

  /// Writes the file when this process ends in order.
  public void dumpAtExit() {
    if (hooked.compareAndSet(false, true)) {
      // By then the handlers' JAR is closed: all classes must have been loaded.
      write(file.resolveSibling(file.getFileName() + ".first"), this::content);
      Runtime.getRuntime().addShutdownHook(new Thread(this::dump));
      if (Boolean.getBoolean("bench.live")) {
        Thread.ofPlatform().daemon().start(this::tellLive);
      }
    }
  }

  private void tellLive() {
    while (true) {
      write(
          file.resolveSibling(file.getFileName() + ".live"),
          out -> {
            out.writeInt(started.get());
            out.writeInt(repeated.get());
          });
      LockSupport.parkNanos(LIVE_NANOS);
    }
  }

  /// A handler starts with an event.
  ///
  /// @param attempt from 1
  public void start(Payload payload, int attempt) {
    int number = payload.number();
    COUNTS.getAndAdd(starts, number, (byte) 1);
    if (startedAtNanos.length > 0) {
      emittedAtNanos[number] = payload.emittedAtNanos();
      startedAtNanos[number] = Payload.nowNanos();
    }
    if (attempt > 1) {
      repeated.incrementAndGet();
    }
    if (started.incrementAndGet() == warmAfter) {
      warm = Moment.now();
    }
  }

  /// An event's handler has come to its end.
  public void end(int number) {
    byte before = (byte) COUNTS.getAndAdd(ends, number, (byte) 1);
    if (before == 0 && ended.incrementAndGet() == ends.length) {
      lastEnd = Moment.now();
      write(file.resolveSibling(file.getFileName() + ".done"), out -> {});
    }
  }

  /// How many events there are.
  public int total() {
    return ends.length;
  }

  /// Whether all events have come to their ends.
  public boolean done() {
    return ended.get() >= ends.length;
  }

  /// How many starts were of second and later attempts.
  public int repeated() {
    return repeated.get();
  }

  /// All that was done is on record in Kafka.
  public void durable() {
    durable = Moment.now();
  }

  /// Writes all to the file, which is there as a whole or not at all.
  public void dump() {
    write(file, this::content);
  }

  private void content(DataOutputStream out) throws IOException {
    warm.write(out);
    lastEnd.write(out);
    durable.write(out);
    out.writeInt(repeated.get());
    out.writeInt(starts.length);
    out.write(starts);
    out.write(ends);
    out.writeInt(startedAtNanos.length);
    for (int i = 0; i < startedAtNanos.length; i++) {
      out.writeLong(emittedAtNanos[i]);
      out.writeLong(startedAtNanos[i]);
    }
  }

  private interface Content {
    void write(DataOutputStream out) throws IOException;
  }

  private static void write(Path file, Content content) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
        content.write(out);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
