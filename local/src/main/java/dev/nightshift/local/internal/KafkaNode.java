package dev.nightshift.local.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of a Kafka server, broker and controller in one, inside this JVM. Owned by the thread
/// that starts it.
///
/// The only file that touches Kafka's internal classes, which change with every version. It does
/// what `kafka.server.KafkaRaftServer` does, but for two things: the sockets are bound by us before
/// Kafka starts (so a free port is known and cannot be lost), and a fatal fault is reported rather
/// than halting the JVM.
public final class KafkaNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaNode.class);
  private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(10);

  private final Metrics metrics;
  private final BrokerServer broker;
  private final ControllerServer controller;
  private final Sockets sockets;

  private KafkaNode(KafkaConfig config, Sockets sockets, Consumer<String> onFatalFault) {
    var initialized = KafkaRaftServer.initializeLogDirs(config, LOG, "");
    MetaPropertiesEnsemble directories = initialized._1();
    BootstrapMetadata bootstrap = initialized._2();
    this.sockets = sockets;
    this.metrics =
        Server.initializeMetrics(config, Time.SYSTEM, directories.clusterId().orElseThrow());
    SharedServer shared =
        new SharedServer(
            config,
            directories,
            Time.SYSTEM,
            metrics,
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            List.<InetSocketAddress>of(),
            (name, fatal, action) -> faultHandler(name, fatal, action, onFatalFault),
            sockets);
    this.broker = new BrokerServer(shared);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), bootstrap);
  }

  /// Formats `directory` if it is new, and returns when the broker serves clients on `port`.
  ///
  /// @param overrides Kafka's own server properties
  /// @param onFatalFault is told, on a thread of Kafka's, why the node is of no use any more
  public static KafkaNode start(
      Path directory, HeldPort port, Map<String, String> overrides, Consumer<String> onFatalFault)
      throws Exception {
    Path log = directory.resolve("kafka");
    Optional<ClusterNode> member = ClusterNode.of(overrides);
    Sockets sockets = Sockets.open(port, member.map(ClusterNode::controllerPort).orElse(0));
    try {
      ClusterNode itself = member.orElse(ClusterNode.alone(sockets.controllerPort()));
      Map<String, String> config = BrokerConfig.of(log, port.port(), itself, overrides);
      format(log, member);
      KafkaNode node = new KafkaNode(new KafkaConfig(config, false), sockets, onFatalFault);
      try {
        node.controller.startup();
        node.broker.startup();
      } catch (RuntimeException | Error e) {
        node.close();
        throw e;
      }
      return node;
    } catch (Exception | Error e) {
      sockets.close();
      throw e;
    }
  }

  /// Stops broker and controller in order; everything that was acknowledged is on disk after.
  @Override
  public void close() {
    Utils.swallow(LOG, () -> broker.shutdown(STOP_WAIT_MAX));
    Utils.swallow(LOG, controller::shutdown);
    Utils.closeQuietly(metrics, "metrics");
    Utils.closeQuietly(sockets, "sockets");
  }

  private static void format(Path log, Optional<ClusterNode> member) throws Exception {
    if (Files.exists(log.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(log);
    new Formatter()
        .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, "UTF-8"))
        .setNodeId(member.map(ClusterNode::id).orElse(1))
        .setClusterId(
            member.map(ClusterNode::clusterId).orElseGet(() -> Uuid.randomUuid().toString()))
        .setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
        .setMetadataLogDirectory(log.toString())
        .addDirectory(log.toString())
        .run();
  }

  private static FaultHandler faultHandler(
      String name, boolean fatal, Runnable action, Consumer<String> onFatalFault) {
    return (message, cause) -> {
      String fault = "Kafka's " + name + ": " + message + (cause == null ? "" : ": " + cause);
      LOG.error(fault, cause);
      action.run();
      if (fatal) {
        onFatalFault.accept(fault);
      }
      return new IllegalStateException(fault, cause);
    };
  }

  /// The two listening sockets, bound before Kafka asks for them.
  private record Sockets(
      HeldPort controller, ServerSocketChannel forClients, ServerSocketChannel forController)
      implements ServerSocketFactory, AutoCloseable {

    /// @param controllerPort 0 for a free one
    static Sockets open(HeldPort port, int controllerPort) throws IOException {
      HeldPort controller = HeldPort.take(controllerPort);
      try {
        return open(port, controller);
      } catch (IOException e) {
        controller.close();
        throw e;
      }
    }

    private static Sockets open(HeldPort port, HeldPort controller) throws IOException {
      ServerSocketChannel forController = controller.listen();
      try {
        return new Sockets(controller, port.listen(), forController);
      } catch (IOException e) {
        forController.close();
        throw e;
      }
    }

    int controllerPort() {
      return controller.port();
    }

    @Override
    public ServerSocketChannel openServerSocket(
        String listenerName, InetSocketAddress address, int backlog, int receiveBufferBytes)
        throws IOException {
      ServerSocketChannel channel =
          listenerName.equals(BrokerConfig.CONTROLLER_LISTENER) ? forController : forClients;
      channel.configureBlocking(false);
      return channel;
    }

    @Override
    public void close() throws IOException {
      forClients.close();
      forController.close();
      controller.close();
    }
  }
}
