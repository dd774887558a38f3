package dev.nightshift.scenarios;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightshift.local.LocalKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// A Kafka of an image of the Kafka project's, `apache/kafka:…`, in a container. It is told what
/// [LocalKafka] is told, so scenarios wait no longer for it. For the test's thread.
final class ContainerBroker implements Broker {
  private static final String PLUGIN = "authorizer.class.name";
  private static final String ADVERTISED = "advertised.listeners";
  private static final String SERVES = ".*Transitioning from RECOVERY to RUNNING.*";

  private final Container container;
  private int starts = 1;

  private ContainerBroker(Container container) {
    this.container = container;
  }

  /// The image that was asked for; nothing where brokers are to run in this JVM.
  static Optional<String> image() {
    return Optional.ofNullable(System.getProperty("nightshift.kafka.image"));
  }

  /// Starts one; the scenario is skipped, with the reason, where no container can be what it needs.
  static ContainerBroker start(String image, LocalKafka.Settings settings) {
    Map<String, String> properties = new HashMap<>(settings.behaviour());
    assumeFalse(
        properties.containsKey(PLUGIN),
        () -> "its broker asks a class of the scenario, which no container has: " + PLUGIN);
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        () ->
            "no Docker engine answers, so "
                + image
                + " cannot be started; the log above says why, docs/testing.md what helps");
    Container container = new Container(image, properties.remove(ADVERTISED));
    properties.forEach((name, value) -> container.withEnv(variable(name), value));
    container.withEnv("KAFKA_HEAP_OPTS", "-Xms128m -Xmx512m");
    container.start();
    return new ContainerBroker(container);
  }

  // What the image makes a property of.
  private static String variable(String property) {
    return "KAFKA_"
        + property
            .replace("_", "__")
            .replace("-", "___")
            .replace('.', '_')
            .toUpperCase(Locale.ROOT);
  }

  @Override
  public String bootstrapServers() {
    return container.address();
  }

  @Override
  public void stop() {
    container.getDockerClient().stopContainerCmd(container.getContainerId()).exec();
  }

  @Override
  public void restart() {
    starts++;
    container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
    Wait.forLogMessage(SERVES, starts).waitUntilReady(container);
  }

  @Override
  public void close() {
    container.close();
  }

  /// A container whose address stays the same when it is stopped and started again.
  private static final class Container extends KafkaContainer {
    private static final int KAFKA = 9092;

    private final @Nullable String advertised;

    /// @param image also one of another name, such as a mirror's
    /// @param advertised the listener that clients are told, `CLIENT://127.0.0.1:4711`; null for
    ///   its own address
    Container(String image, @Nullable String advertised) {
      super(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
      this.advertised = advertised;
      addFixedExposedPort(freePort(), KAFKA);
    }

    private static int freePort() {
      try (ServerSocket socket = new ServerSocket(0)) {
        return socket.getLocalPort();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String address() {
      return super.getBootstrapServers();
    }

    /// Called for what clients are told.
    @Override
    public String getBootstrapServers() {
      return advertised == null ? address() : advertised.replaceFirst("^[A-Z]+://", "");
    }
  }
}
