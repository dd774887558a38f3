package dev.nightshift.cli.internal;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.worker.WorkerMain;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;

/// A worker in a process of its own, with this program's Java and class path. Ends with this
/// object, and with this process.
final class DemoWorker implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(30);

  private static final int LOG_LINES_SHOWN = 20;

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread hook;

  private DemoWorker(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /// Starts one.
  ///
  /// @param folder where it puts its log and other files that it may leave behind
  static DemoWorker start(String name, String bootstrapServers, Path handlers, Path folder)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                // Kafka's native libraries stay behind when it is killed.
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--name",
                name,
                "--bootstrap-server",
                bootstrapServers,
                "--handlers",
                handlers.toString()));
    // What is set for the user's own fleet is not for this one.
    builder.environment().keySet().removeIf(variable -> variable.startsWith("NIGHTSHIFT_"));
    Path log = folder.resolve(name + ".log");
    builder.redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    return new DemoWorker(name, builder.start(), log);
  }

  /// Waits until the workers are the group's members and each has its partitions.
  ///
  /// @throws CommandException if one ends instead, or it takes too long
  static void awaitMembers(Map<String, Object> client, String group, List<DemoWorker> workers) {
    long end = System.nanoTime() + READY_MAX.toNanos();
    try (Admin admin = Admin.create(ClientConfig.admin(client, Map.of()))) {
      while (System.nanoTime() < end) {
        if (ready(admin, group, workers.size())) {
          return;
        }
        for (DemoWorker worker : workers) {
          if (!worker.process.isAlive()) {
            throw worker.failed("it ended with " + worker.process.exitValue());
          }
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
    throw workers.get(0).failed("it did not begin to work within " + READY_MAX.toSeconds() + " s");
  }

  private CommandException failed(String how) {
    String said;
    try {
      List<String> lines = Files.readAllLines(log);
      said =
          String.join(
              "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    } catch (IOException e) {
      said = "(" + e + ")";
    }
    return new CommandException(
        ExitCode.FAILED, "the demo's worker " + name + " failed: " + how + ". It said:\n" + said);
  }

  private static boolean ready(Admin admin, String group, int members) {
    try {
      ConsumerGroupDescription found =
          admin
              .describeConsumerGroups(List.of(group))
              .all()
              .get(10, TimeUnit.SECONDS)
              .values()
              .iterator()
              .next();
      return found.groupState() == GroupState.STABLE
          && found.members().size() == members
          && found.members().stream().noneMatch(m -> m.assignment().topicPartitions().isEmpty());
    } catch (ExecutionException e) {
      return false; // The group does not exist yet.
    } catch (java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("Kafka does not answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  String name() {
    return name;
  }

  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().removeShutdownHook(hook);
  }
}
