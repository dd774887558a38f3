package dev.nightshift.local;

import dev.nightshift.local.LocalKafka.Settings;
import dev.nightshift.local.internal.ClusterNode;
import dev.nightshift.local.internal.HeldPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A Kafka of several nodes, each broker and controller in a process of its own: for what one node
/// cannot show, a broker that dies while the others go on. Nodes have numbers from 1, which are
/// their ids. Owned by one thread; [#bootstrapServers] may be read by any.
///
/// Topics have a copy on each node unless told otherwise, and what is acknowledged (`acks=all`) is
/// on two of them.
public final class LocalKafkaCluster implements AutoCloseable {
  /// The fewest of which one may die and two are left.
  private static final int NODES_MIN = 3;

  private final List<HeldPort> controllers = new ArrayList<>();
  private final List<LocalKafkaProcess> nodes = new ArrayList<>();

  private LocalKafkaCluster() {}

  /// Starts a Kafka, to be used and thrown away; returns when each node serves clients.
  ///
  /// @param count of nodes, from 3
  /// @throws IllegalStateException if one does not start; the message has the end of its log
  public static LocalKafkaCluster start(int count) {
    if (count < NODES_MIN) {
      throw new IllegalArgumentException(
          count + " nodes are not allowed: at least " + NODES_MIN + ", as one may die");
    }
    LocalKafkaCluster cluster = new LocalKafkaCluster();
    try {
      cluster.startNodes(count);
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  // All at once: none serves clients before most of them run.
  private void startNodes(int count) {
    for (int i = 0; i < count; i++) {
      controllers.add(takePort());
    }
    List<Integer> ports = controllers.stream().map(HeldPort::port).toList();
    List<Future<LocalKafkaProcess>> started;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      started =
          IntStream.rangeClosed(1, count)
              .mapToObj(id -> settings(new ClusterNode(id, ports)))
              .map(settings -> threads.submit(() -> LocalKafkaProcess.start(settings)))
              .toList();
    }
    started.stream()
        .filter(each -> each.state() == Future.State.SUCCESS)
        .forEach(each -> nodes.add(each.resultNow()));
    started.stream()
        .filter(each -> each.state() != Future.State.SUCCESS)
        .findFirst()
        .ifPresent(each -> {
          throw new IllegalStateException(
              "a node did not start: " + each.exceptionNow().getMessage(), each.exceptionNow());
        });
  }

  private static HeldPort takePort() {
    try {
      return HeldPort.take(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Settings settings(ClusterNode member) {
    String copies = String.valueOf(member.controllerPorts().size());
    Map<String, String> replicated =
        Map.of(
            "default.replication.factor", copies,
            "min.insync.replicas", "2",
            "offsets.topic.replication.factor", copies,
            "transaction.state.log.replication.factor", copies,
            "transaction.state.log.min.isr", "2");
    Settings settings = Settings.defaults();
    for (Map<String, String> properties : List.of(member.properties(), replicated)) {
      for (Map.Entry<String, String> property : properties.entrySet()) {
        settings = settings.with(property.getKey(), property.getValue());
      }
    }
    return settings;
  }

  /// `host:port` of each node, for a client's `bootstrap.servers`.
  public String bootstrapServers() {
    return nodes.stream().map(LocalKafkaProcess::bootstrapServers).collect(Collectors.joining(","));
  }

  /// Kills a node (SIGKILL) and waits until it is gone. Its data and its ports stay.
  ///
  /// @param node from 1
  public void kill(int node) {
    nodes.get(node - 1).kill();
  }

  /// Starts a node that was killed, with its data and on its ports; returns when it serves clients.
  ///
  /// @param node from 1
  public void restart(int node) {
    nodes.get(node - 1).restart();
  }

  /// Kills all nodes, as the last to be stopped in order would wait for the others, and removes
  /// their data. Closing twice is safe.
  @Override
  public void close() {
    nodes.forEach(LocalKafkaProcess::kill);
    nodes.forEach(LocalKafkaProcess::close);
    controllers.forEach(HeldPort::close);
  }
}
