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
  /// The longest drain by default, and a little for the process to end.
  static final Duration DRAIN_MAX = Duration.ofSeconds(30);

  private static final String SETTINGS = "NIGHTSHIFT_";

  /// What a process ends with that was told to end before it had begun to listen: 128 + SIGTERM.
  private static final int ENDED_BY_TERM = 143;

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
  /// @param printed where what it prints goes, both streams
  /// @param jvm options of its Java
  /// @param options of its command
  /// @param sharesSettings whether the variables `NIGHTSHIFT_…` that this process was given are
  ///   meant for it, too
  record Launch(
      Class<?> main,
      Redirect printed,
      List<String> jvm,
      List<String> options,
      boolean sharesSettings) {
    /// Of a process that is there to be tried out.
    private static final List<String> SMALL =
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            // Starts with half the work, and there is other work on this machine.
            "-XX:TieredStopAtLevel=1");

    Launch {
      jvm = List.copyOf(jvm);
      options = List.copyOf(options);
    }

    /// A worker of a fleet that belongs to this process.
    ///
    /// @param folder where it puts what it may leave behind when it is killed
    static Launch worker(
        String bootstrapServers, Path handlers, Path folder, Redirect printed, String... more) {
      List<String> options = new ArrayList<>(List.of("--bootstrap-server", bootstrapServers));
      options.addAll(List.of("--handlers", handlers.toString()));
      options.addAll(List.of(more));
      return new Launch(WorkerMain.class, printed, small(folder), options, false);
    }

    /// A scheduler of such a fleet.
    static Launch scheduler(String bootstrapServers, Path folder, Redirect printed) {
      List<String> options = List.of("--bootstrap-server", bootstrapServers);
      return new Launch(SchedulerMain.class, printed, small(folder), options, false);
    }

    private static List<String> small(Path folder) {
      List<String> jvm = new ArrayList<>(SMALL);
      jvm.add(leavesBehindIn(folder));
      return jvm;
    }

    /// The option that says where Kafka's native libraries go, which stay behind when it is killed.
    static String leavesBehindIn(Path folder) {
      return "-Djava.io.tmpdir=" + folder;
    }
  }

  /// Starts one.
  static ChildProcess start(String name, Launch how) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.addAll(how.jvm());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(how.main().getName(), ParentProcess.OPTION, "--name", name));
    command.addAll(how.options());
    ProcessBuilder builder = new ProcessBuilder(command);
    if (!how.sharesSettings()) {
      builder.environment().keySet().removeIf(variable -> variable.startsWith(SETTINGS));
    }
    builder.redirectOutput(how.printed());
    builder.redirectError(how.printed());
    if (how.printed().file() != null) {
      builder.redirectErrorStream(true);
    }
    return of(name, builder.start());
  }

  /// One that was started already, and holds the other end of whose standard input.
  static ChildProcess of(String name, Process process) {
    return new ChildProcess(name, process);
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

  /// What it ended with; only once it has.
  int status() {
    return process.exitValue();
  }

  /// Whether it ended as one does that was told to while it did nothing yet.
  boolean endedByTerm() {
    return status() == ENDED_BY_TERM;
  }

  /// How it ended, in words; only once it has.
  String end() {
    int status = status();
    return status > 128 && status < 160
        ? "was killed by signal " + (status - 128)
        : "ended with " + status;
  }

  /// Tells it to drain, or a scheduler to end. Again does no harm: whoever tells this process to
  /// end may have told its whole group.
  void drain() {
    drained = true;
    // The process's own method would close its standard input, too, which ends it at once.
    process.toHandle().destroy();
  }

  /// Tells a worker to hand back at once what it runs.
  void handBack() {
    try {
      process.getOutputStream().write(ParentProcess.HAND_BACK);
      process.getOutputStream().flush();
    } catch (IOException e) {
      // It has ended.
    }
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
