package dev.nightshift.local;

import dev.nightshift.local.LocalKafka.Settings;
import dev.nightshift.local.internal.ChildArguments;
import dev.nightshift.local.internal.DataDirectory;
import dev.nightshift.local.internal.HeldPort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A Kafka of one node in a child process of this JVM: a fault in Kafka halts only the child, and
/// the child may be killed. It ends with this JVM, however that ends. Owned by one thread, which
/// starts, kills and closes it; [#bootstrapServers] may be read by any.
///
/// The port is the same for as long as the object is open, also while the child is dead.
public final class LocalKafkaProcess implements AutoCloseable {
  /// How the child's JVM is set up: heap, collector, compilers.
  public enum Jvm {
    /// Starts with half the work and takes little memory. Under the load of a test a broker mostly
    /// copies bytes, and is no slower at it.
    SMALL("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),

    /// As Kafka's own `kafka-server-start.sh` starts a broker unless told otherwise: what a load
    /// should be measured on.
    AS_SHIPPED(
        "-Xms1g",
        "-Xmx1g",
        "-server",
        "-XX:+UseG1GC",
        "-XX:MaxGCPauseMillis=20",
        "-XX:InitiatingHeapOccupancyPercent=35",
        "-XX:+ExplicitGCInvokesConcurrent");

    private final List<String> flags;

    Jvm(String... flags) {
      this.flags = List.of(flags);
    }
  }

  private static final Duration START_WAIT_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(20);
  private static final String READY = "READY ";
  private static final int LOG_LINES_SHOWN = 20;

  private final DataDirectory directory;
  private final HeldPort port;
  private final List<String> command;
  private Process process;

  private LocalKafkaProcess(DataDirectory directory, HeldPort port, List<String> command)
      throws IOException {
    this.directory = directory;
    this.port = port;
    this.command = command;
    this.process = launch();
  }

  /// Starts a broker in a [Jvm#SMALL] JVM.
  public static LocalKafkaProcess start(Settings settings) {
    return start(settings, Jvm.SMALL);
  }

  /// Starts a broker in a child process, with this JVM's Java and class path; returns when it
  /// serves clients. Its log is `broker.log` in the data folder. The settings' `onFatalFault` is
  /// not called: such a fault ends the child, see [#onExit].
  ///
  /// @throws UncheckedIOException if the folder cannot be written or no process be started
  /// @throws IllegalStateException if the broker does not start; the message has the end of its log
  public static LocalKafkaProcess start(Settings settings, Jvm jvm) {
    try {
      HeldPort port = HeldPort.take(settings.port());
      LocalKafkaProcess broker = launch(settings, jvm, port);
      broker.awaitReady();
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Gives back the port if it fails.
  private static LocalKafkaProcess launch(Settings settings, Jvm jvm, HeldPort port)
      throws IOException {
    try {
      DataDirectory directory = DataDirectory.open(settings.dataDirectory());
      return launch(settings, jvm, port, directory);
    } catch (IOException | RuntimeException | Error e) {
      port.close();
      throw e;
    }
  }

  /// Removes a temporary folder if it fails.
  private static LocalKafkaProcess launch(
      Settings settings, Jvm jvm, HeldPort port, DataDirectory directory) throws IOException {
    try {
      ChildArguments arguments = new ChildArguments(directory, port.port(), settings.overrides());
      return new LocalKafkaProcess(directory, port, command(arguments, jvm));
    } catch (IOException | RuntimeException | Error e) {
      directory.removeIfTemporary();
      throw e;
    }
  }

  /// `host:port`, for a client's `bootstrap.servers`.
  public String bootstrapServers() {
    return "127.0.0.1:" + port.port();
  }

  /// The child's process id.
  public long pid() {
    return process.pid();
  }

  /// The folder that holds the data and the log.
  public Path dataDirectory() {
    return directory.path();
  }

  /// Completes when the child has ended, for whatever reason.
  public CompletableFuture<Void> onExit() {
    return process.onExit().thenAccept(_ -> {});
  }

  /// Kills the child (SIGKILL) and waits until it is gone. Its data and its port stay; clients see
  /// a broker that is down.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// Stops the child in order if it runs, and starts another on the same port with the same data.
  ///
  /// @throws IllegalStateException if the broker does not start; then this object is closed
  public void restart() {
    end();
    try {
      process = launch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /// Stops the broker in order, kills it if that takes longer than 20 seconds, gives the port back
  /// and removes a temporary folder. Closing twice is safe.
  @Override
  public void close() {
    end();
    port.close();
    directory.removeIfTemporary();
  }

  private static List<String> command(ChildArguments arguments, Jvm jvm) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm.flags);
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    // For Kafka's native libraries: a child that is killed leaves them behind.
    command.add("-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    command.add("-Dlogback.configurationFile=dev/nightshift/local/broker-logback.xml");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(LocalKafkaMain.class.getName());
    command.addAll(arguments.format());
    return command;
  }

  private Process launch() throws IOException {
    return new ProcessBuilder(command).redirectError(Redirect.appendTo(log().toFile())).start();
  }

  private void awaitReady() {
    CompletableFuture<String> ready = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> readReady(process, ready));
    try {
      ready.get(START_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      var failure = new IllegalStateException("the local Kafka did not start" + reason(e), e);
      close();
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw failure;
    }
  }

  private static void readReady(Process process, CompletableFuture<String> ready) {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      while (line != null && !line.startsWith(READY)) {
        line = out.readLine();
      }
      if (line == null) {
        ready.completeExceptionally(new IOException("its process ended"));
      } else {
        ready.complete(line);
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  private String reason(Exception e) {
    String what =
        switch (e) {
          case TimeoutException _ -> " within " + START_WAIT_MAX.toSeconds() + " seconds";
          case ExecutionException _ -> ": " + e.getCause();
          default -> ": " + e;
        };
    return what + "; the end of its log:\n" + endOfLog();
  }

  private String endOfLog() {
    try {
      List<String> lines = Files.readAllLines(log());
      int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
      return String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      return "(" + e + ")";
    }
  }

  private Path log() {
    return directory.path().resolve("broker.log");
  }

  private void end() {
    try (Writer in = process.outputWriter(StandardCharsets.UTF_8)) {
      in.write(LocalKafkaMain.STOP);
      in.close();
      if (!process.waitFor(STOP_WAIT_MAX)) {
        process.destroyForcibly().waitFor();
      }
    } catch (IOException e) {
      process.destroyForcibly().onExit().join();
    } catch (InterruptedException e) {
      process.destroyForcibly().onExit().join();
      Thread.currentThread().interrupt();
    }
  }
}
