package dev.nightshift.scenarios;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The command `nightshift` in a process of its own.
final class CommandProcess implements AutoCloseable {
  private final String text;
  private final Path printed;
  private final Process process;

  private CommandProcess(String text, Path printed, Process process) {
    this.text = text;
    this.printed = printed;
    this.process = process;
  }

  /// Starts one.
  ///
  /// @param folder where it writes what it prints
  static CommandProcess start(Path folder, String... arguments) {
    return start(folder, Map.of(), arguments);
  }

  /// Starts one in `folder`.
  ///
  /// @param environment variables that it is given besides
  static CommandProcess start(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    try {
      Path printed = Files.createTempFile(folder, "command", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile());
      builder.environment().putAll(environment);
      return new CommandProcess(String.join(" ", arguments), printed, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What it has printed so far, both streams.
  String printed() {
    try {
      return Files.readString(printed, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /// SIGINT, as Ctrl-C sends it.
  void interrupt() {
    try {
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// SIGKILL.
  void kill() {
    process.destroyForcibly();
    exit();
  }

  /// Waits until it has ended.
  ///
  /// @return its exit status
  int exit() {
    Duration atMost = Duration.ofSeconds(60);
    try {
      if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(text + " has not ended; it said:\n" + printed());
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
