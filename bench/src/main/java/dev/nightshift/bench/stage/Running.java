package dev.nightshift.bench.stage;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// A side's process with a load. Owned by one thread.
///
/// @param name of the process
/// @param process itself
/// @param load what it runs
/// @param tallyFile what it writes when it ends
public record Running(String name, JavaProcess process, Load load, Path tallyFile)
    implements AutoCloseable {
  private static final long SECOND_TERM_NANOS = 300_000_000;

  /// Whether all events have come to their ends in it.
  public boolean done() {
    return Files.exists(tallyFile.resolveSibling(tallyFile.getFileName() + ".done"));
  }

  /// How many handlers it has started; only with the flag `-Dbench.live=true`.
  public int startedSoFar() {
    return live()[0];
  }

  /// How many of those were second and later attempts.
  public int repeatedSoFar() {
    return live()[1];
  }

  private int[] live() {
    Path file = tallyFile.resolveSibling(tallyFile.getFileName() + ".live");
    if (!Files.exists(file)) {
      return new int[2];
    }
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      return new int[] {in.readInt(), in.readInt()};
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Tells it to stop, waits until it has, and reads what it counted.
  public TallyFile stop() {
    process.terminate();
    return await();
  }

  /// Tells a worker to hand back at once what it runs, waits until it has ended, and reads what it
  /// counted.
  public TallyFile handBack() {
    process.terminate();
    LockSupport.parkNanos(SECOND_TERM_NANOS); // Two signals at once may be taken for one.
    process.terminate();
    return await();
  }

  /// Waits until it has ended, and reads what it counted.
  public TallyFile await() {
    process.awaitEnd();
    return TallyFile.read(tallyFile);
  }

  @Override
  public void close() {
    process.close();
  }
}
