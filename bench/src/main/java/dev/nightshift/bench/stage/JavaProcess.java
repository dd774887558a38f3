package dev.nightshift.bench.stage;

import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// One side of a comparison: a JVM of its own, with the same flags whatever it runs. Owned by one
/// thread.
public final class JavaProcess implements AutoCloseable {
  // A yardstick ends when it has run all.
  private static final Duration END_MAX = Duration.ofMinutes(3);
  private static final int LINES_SHOWN = 30;

  /// A worker that is stopped in the midst of its work hands it back.
  private static final Set<Integer> FINE = Set.of(ExitCode.DONE, ExitCode.HANDED_BACK);

  private final String name;
  private final Path log;
  private final Process process;
  private final Thread atEnd;
  private boolean killed;

  private JavaProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
    // Who stops the bench on its way would leave its sides running.
    this.atEnd = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(atEnd);
    process.onExit().thenRun(this::forget);
  }

  // Too late while this JVM ends.
  private void forget() {
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      // it runs, and finds a process that has ended
    }
  }

  /// What to run.
  ///
  /// @param name names its log, and is not used twice in a folder
  /// @param flags of the JVM, system properties among them
  public record Launch(String name, Class<?> main, List<String> flags, List<String> arguments) {}

  /// Starts it, with this JVM's Java and class path.
  ///
  /// @param flags of the JVM, the same for all sides
  public static JavaProcess start(Path folder, List<String> flags, Launch launch) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(launch.flags());
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(launch.main().getName());
    command.addAll(launch.arguments());
    Path log = folder.resolve(launch.name() + ".log");
    try {
      return new JavaProcess(
          launch.name(),
          log,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Its process id.
  public long pid() {
    return process.pid();
  }

  /// What it has used of the processors so far; zero if it has ended.
  public Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /// Fails if it has ended with an error.
  public void check() {
    if (!process.isAlive() && !FINE.contains(process.exitValue())) {
      throw new IllegalStateException(
          name + " ended with " + process.exitValue() + "; it said:\n" + said());
    }
  }

  /// SIGTERM.
  public void terminate() {
    process.destroy();
  }

  /// SIGKILL.
  public void kill() {
    killed = true;
    process.destroyForcibly().onExit().join();
  }

  /// Whether it has ended as it should: by itself without an error, or by [#kill].
  boolean endedWell() {
    return !process.isAlive() && (killed || FINE.contains(process.exitValue()));
  }

  /// What it has printed.
  Path log() {
    return log;
  }

  /// Waits until it has ended.
  public void awaitEnd() {
    try {
      if (!process.waitFor(END_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            name + " has not ended within " + END_MAX.toSeconds() + " s; it said:\n" + said());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    check();
  }

  /// The end of what it has printed.
  public String said() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
