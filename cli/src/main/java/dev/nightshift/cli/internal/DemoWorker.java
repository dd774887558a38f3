package dev.nightshift.cli.internal;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.worker.WorkerMain;
import java.io.IOException;
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

  private final String name;
  private final Process process;
  private final Thread hook;

  private DemoWorker(String name, Process process) {
    this.name = name;
    this.process = process;
    this.hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  static DemoWorker start(String name, String bootstrapServers, Path handlers) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--name",
                name,
                "--bootstrap-server",
                bootstrapServers,
                "--handlers",
                handlers.toString()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return new DemoWorker(name, builder.start());
  }

  /// Waits until the group has that many members and each has its partitions.
  static void awaitMembers(Map<String, Object> client, String group, int members) {
    long end = System.nanoTime() + READY_MAX.toNanos();
    try (Admin admin = Admin.create(ClientConfig.admin(client, Map.of()))) {
      while (System.nanoTime() < end) {
        if (ready(admin, group, members)) {
          return;
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
    throw new IllegalStateException(
        members
            + " workers did not join the group "
            + group
            + " within "
            + READY_MAX.toSeconds()
            + " s");
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
