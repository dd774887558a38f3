package dev.nightshift.cli.internal.local;

import dev.nightshift.common.ClientConfig;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.ExitCode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.common.GroupState;

/// The demo's workers: processes of their own, with a log each. Owned by one thread.
final class DemoWorkers implements AutoCloseable {
  private static final Duration READY_MAX = Duration.ofSeconds(60);
  private static final int LOG_LINES_SHOWN = 20;

  private final String bootstrapServers;
  private final Path folder;
  private final List<ChildProcess> workers = new ArrayList<>();

  private DemoWorkers(String bootstrapServers, Path folder) {
    this.bootstrapServers = bootstrapServers;
    this.folder = folder;
  }

  /// Starts `count` of them and waits until each has its partitions.
  ///
  /// @param folder where they put their logs and what they may leave behind
  /// @throws CommandException if one ends instead, or it takes too long
  static DemoWorkers start(int count, String bootstrapServers, Path handlers, Path folder)
      throws IOException {
    DemoWorkers started = new DemoWorkers(bootstrapServers, folder);
    try {
      for (int number = 1; number <= count; number++) {
        started.start("worker-" + number, handlers);
      }
      started.awaitMembers();
      return started;
    } catch (IOException | RuntimeException | Error e) {
      started.close();
      throw e;
    }
  }

  private void start(String name, Path handlers) throws IOException {
    workers.add(
        ChildProcess.start(
            name,
            ChildProcess.Launch.worker(
                bootstrapServers, handlers, folder, Redirect.to(log(name).toFile()))));
  }

  private void awaitMembers() {
    long end = System.nanoTime() + READY_MAX.toNanos();
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
    try (Admin admin = Admin.create(ClientConfig.admin(client, Map.of()))) {
      while (System.nanoTime() < end) {
        if (ready(admin)) {
          return;
        }
        for (ChildProcess worker : workers) {
          if (!worker.alive()) {
            throw failed(worker, "it " + worker.end());
          }
        }
        LockSupport.parkNanos(50_000_000);
      }
    }
    throw failed(workers.get(0), "it did not begin to work within " + READY_MAX.toSeconds() + " s");
  }

  private boolean ready(Admin admin) {
    String group = TopicPlan.standard().workersGroup();
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
          && found.members().size() == workers.size()
          && found.members().stream().noneMatch(m -> m.assignment().topicPartitions().isEmpty());
    } catch (ExecutionException e) {
      return false; // The group does not exist yet.
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka does not answer", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private CommandException failed(ChildProcess worker, String how) {
    String said;
    try {
      List<String> lines = Files.readAllLines(log(worker.name()));
      int from = Math.max(0, lines.size() - LOG_LINES_SHOWN);
      said = String.join("\n", lines.subList(from, lines.size()));
    } catch (IOException e) {
      said = "(" + e + ")";
    }
    return new CommandException(
        ExitCode.FAILED,
        "the demo's worker " + worker.name() + " failed: " + how + ". It said:\n" + said);
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  List<ChildProcess> all() {
    return List.copyOf(workers);
  }

  /// Drains all that live, side by side.
  @Override
  public void close() {
    workers.forEach(ChildProcess::drain);
    workers.forEach(ChildProcess::close);
  }
}
