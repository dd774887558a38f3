package dev.nightshift.scenarios;

import dev.nightshift.worker.WorkerMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A real worker in a process of its own, and what may befall it.
final class WorkerProcess implements AutoCloseable {
  /// Whether workers wait as long as they do by default: for retries, and until one counts as dead.
  static final boolean SHIPPED = Boolean.getBoolean("nightshift.scenario.shipped");

  /// Whether something is measured: then workers are compiled as they usually are, not for a quick
  /// start.
  static final boolean MEASURED = Boolean.getBoolean("nightshift.measure");

  private static final Pattern ADMIN = Pattern.compile("health and metrics on (http://[0-9.:]+)");
  private static final String HEAP = "-Xmx";

  private final String name;
  private final Path log;
  private final Process process;

  private WorkerProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /// Starts one. Sessions and retry delays are short unless [#SHIPPED].
  ///
  /// @param more options, each in the place of the usual one of its name; also a heap, `-Xmx256m`
  /// @param folder where handlers, notes and log lines are
  static WorkerProcess start(String worker, Path folder, String bootstrapServers, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP + "512m",
                MEASURED ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                // Native libraries of workers that are killed go with the scenario.
                "-Djava.io.tmpdir=" + folder,
                "-Dscenario.folder=" + folder,
                "-Dscenario.worker=" + worker,
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--name=" + worker,
                "--bootstrap-server=" + bootstrapServers,
                "--handlers=" + folder.resolve("handlers")));
    if (!SHIPPED) {
      command.addAll(
          List.of(
              "--retry-delays=0,200,200,200",
              "--command-property=session.timeout.ms=2000",
              "--command-property=heartbeat.interval.ms=400"));
    }
    for (String option : more) {
      if (option.startsWith(HEAP)) {
        command.set(1, option);
        continue;
      }
      String name = option.replaceFirst("=[^=]*$", "");
      command.removeIf(usual -> usual.startsWith(name + "="));
      command.add(option);
    }
    Path log = folder.resolve(worker + ".log");
    try {
      return new WorkerProcess(
          worker,
          log,
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  boolean alive() {
    return process.isAlive();
  }

  /// What it has printed so far.
  String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it answers on its admin port, with the status first; empty before it answers. It must
  /// have been started with `--admin-port=0`.
  String answer(String path) {
    Matcher address = ADMIN.matcher(printed());
    if (!address.find()) {
      return "";
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(URI.create(address.group(1) + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// SIGKILL.
  void kill() {
    process.destroyForcibly();
    exit(Duration.ofSeconds(10));
  }

  /// SIGTERM.
  void terminate() {
    process.destroy();
  }

  /// SIGSTOP: no thread of it runs any more, its connections stay open.
  void freeze() {
    signal("STOP");
  }

  /// SIGCONT.
  void thaw() {
    signal("CONT");
  }

  private void signal(String signal) {
    try {
      int status =
          new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      if (status != 0) {
        throw new IllegalStateException("kill -" + signal + " ended with " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits until the process has ended.
  ///
  /// @return its exit status
  int exit(Duration atMost) {
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            name + " has not ended within " + atMost.toSeconds() + " s; it said:\n" + printed());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }
}
