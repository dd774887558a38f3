package dev.nightshift.scheduler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A scheduler in a process of its own, with the settings that it has by default. Killed when it is
/// closed.
record SchedulerProcess(Process process, Path log) implements AutoCloseable {
  static SchedulerProcess start(TimerFleet fleet, Path folder, String name) throws IOException {
    Path log = folder.resolve(name + ".log");
    Process started =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:TieredStopAtLevel=1",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + folder,
                    "-cp",
                    System.getProperty("java.class.path"),
                    SchedulerMain.class.getName(),
                    "--name=" + name,
                    "--bootstrap-server=" + fleet.kafka.bootstrapServers()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new SchedulerProcess(started, log);
  }

  /// In how many partitions it fires what is due.
  long parts() {
    String printed = printed();
    return printed.lines().filter(line -> line.contains("fires what is due")).count()
        - printed.lines().filter(line -> line.contains("fires no more")).count();
  }

  String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Sends it a signal, `STOP` or `CONT`.
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new IOException("kill -" + name + " failed");
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
