package dev.nightshift.bench.stage;

import java.nio.file.Files;
import java.nio.file.Path;

/// A side's process with a load. Owned by one thread.
///
/// @param name of the process
/// @param process itself
/// @param load what it runs
/// @param tallyFile what it writes when it ends
public record Running(String name, JavaProcess process, Load load, Path tallyFile)
    implements AutoCloseable {

  /// Whether all events have come to their ends in it.
  public boolean done() {
    return Files.exists(tallyFile.resolveSibling(tallyFile.getFileName() + ".done"));
  }

  /// Tells it to stop, waits until it has, and reads what it counted.
  public TallyFile stop() {
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
