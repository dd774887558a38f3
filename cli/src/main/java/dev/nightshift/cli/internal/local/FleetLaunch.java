package dev.nightshift.cli.internal.local;

import dev.nightshift.worker.WorkerMain;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// How the workers of `nightshift fleet` are started, which are numbered from 1. Immutable.
///
/// @param name their names begin with it
/// @param logs the folder that each writes its log to; empty if all print where this process does
/// @param temporary the folder for what those leave behind that are killed
/// @param firstPort the first one's admin port, 0 for any free port; empty if there is none
/// @param jvm options of their Java, after those that are usual
/// @param options of the command `worker`
record FleetLaunch(
    String name,
    Optional<Path> logs,
    Path temporary,
    OptionalInt firstPort,
    List<String> jvm,
    List<String> options) {
  /// Many of them share this machine, of which Java would take a quarter for each.
  static final String HEAP = "-Xmx512m";

  FleetLaunch {
    jvm = List.copyOf(jvm);
    options = List.copyOf(options);
  }

  /// The name of one of them.
  String worker(int number) {
    return name + "-" + number;
  }

  /// How one of them is started.
  ChildProcess.Launch launch(int number) {
    List<String> all = new ArrayList<>(options);
    port(number).ifPresent(port -> all.add("--admin-port=" + port));
    return new ChildProcess.Launch(WorkerMain.class, printed(number), jvm(number), all, true);
  }

  private OptionalInt port(int number) {
    return firstPort.isPresent() && firstPort.getAsInt() > 0
        ? OptionalInt.of(firstPort.getAsInt() + number - 1)
        : firstPort;
  }

  private List<String> jvm(int number) {
    List<String> all = new ArrayList<>();
    all.add(HEAP);
    // A thread of Kafka's that has no memory ends, and the worker would do nothing, or not all.
    all.add("-XX:+ExitOnOutOfMemoryError");
    all.add(ChildProcess.Launch.leavesBehindIn(temporary));
    if (logs.isEmpty()) {
      // Read by logback.xml.
      all.add("-Dnightshift.log.mark=" + mark(number) + " ");
    }
    all.addAll(jvm);
    return all;
  }

  private Redirect printed(int number) {
    return logs.map(folder -> Redirect.appendTo(log(folder, number).toFile()))
        .orElse(Redirect.INHERIT);
  }

  /// Where the last lines of one stand that has ended, in words.
  String lastLines(int number) {
    return logs.map(folder -> "at the end of " + log(folder, number))
        .orElse("above, perhaps in lines with " + mark(number));
  }

  private Path log(Path folder, int number) {
    return folder.resolve(worker(number) + ".log");
  }

  private String mark(int number) {
    return "[" + worker(number) + "]";
  }
}
