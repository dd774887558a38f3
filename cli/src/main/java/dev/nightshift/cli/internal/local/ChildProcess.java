package dev.nightshift.cli.internal.local;

import dev.nightshift.scheduler.SchedulerMain;
import dev.nightshift.worker.ParentProcess;
import dev.nightshift.worker.WorkerMain;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A worker or a scheduler in a process of its own, with this program's Java and class path. It
/// ends when this process does, however that ends. Owned by one thread.
final class ChildProcess implements AutoCloseable {
  /// The longest drain, and a little for the process to end.
  private static final Duration DRAIN_MAX = Duration.ofSeconds(30);

  private final String name;
  private final Process process;
  private boolean drained;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// How a process is started.
  ///
  /// @param main what it runs
  /// @param folder where it puts what it may leave behind when it is killed
  /// @param printed where what it prints goes, both streams
  /// @param options further ones
  record Launch(
      Class<?> main, String bootstrapServers, Path folder, Redirect printed, List<String> options) {
    Launch {
      options = List.copyOf(options);
    }

    /// A worker.
    static Launch worker(
        String bootstrapServers, Path handlers, Path folder, Redirect printed, String... more) {
      List<String> options = new ArrayList<>(List.of("--handlers", handlers.toString()));
      options.addAll(List.of(more));
      return new Launch(WorkerMain.class, bootstrapServers, folder, printed, options);
    }

    /// A scheduler.
    static Launch scheduler(String bootstrapServers, Path folder, Redirect printed) {
      return new Launch(SchedulerMain.class, bootstrapServers, folder, printed, List.of());
    }
  }

  /// Starts one.
  static ChildProcess start(String name, Launch how) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // Starts with half the work, and there is other work on this machine.
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                // Kafka's native libraries stay behind when it is killed.
                "-Djava.io.tmpdir=" + how.folder(),
                "-cp",
                System.getProperty("java.class.path"),
                how.main().getName(),
                ParentProcess.OPTION,
                "--name",
                name,
                "--bootstrap-server",
                how.bootstrapServers()));
    command.addAll(how.options());
    ProcessBuilder builder = new ProcessBuilder(command);
    // What is set for the user's own fleet is not for this one.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("NIGHTSHIFT_"));
    builder.redirectOutput(how.printed());
    builder.redirectError(how.printed());
    if (how.printed().file() != null) {
      builder.redirectErrorStream(true);
    }
    return new ChildProcess(name, builder.start());
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  /// How it ended, in words; only once it has.
  String end() {
    int status = process.exitValue();
    return status > 128 && status < 160
        ? "was killed by signal " + (status - 128)
        : "ended with " + status;
  }

  /// Tells it to drain, or a scheduler to end; a second time, to hand back at once.
  void drain() {
    drained = true;
    // The process's own method would close its standard input, too, which ends it at once.
    process.toHandle().destroy();
  }

  /// SIGKILL.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Drains it, unless that was told it before, and kills it if it does not end.
  @Override
  public void close() {
    if (!drained) {
      drain();
    }
    try {
      if (!process.waitFor(DRAIN_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
