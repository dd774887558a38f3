package dev.nightshift.local;

import dev.nightshift.local.internal.BrokerConfig;
import dev.nightshift.local.internal.DataDirectory;
import dev.nightshift.local.internal.HeldPort;
import dev.nightshift.local.internal.KafkaNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A Kafka of one node inside this JVM. Owned by one thread, which starts, stops and closes it;
/// [#bootstrapServers] may be read by any.
///
/// The port is the same for as long as the object is open, also while the broker is stopped.
public final class LocalKafka implements AutoCloseable {
  private final DataDirectory directory;
  private final HeldPort port;
  private final Map<String, String> overrides;
  private final Consumer<String> onFatalFault;
  private @Nullable KafkaNode node;

  private LocalKafka(Settings settings, DataDirectory directory, HeldPort port) {
    this.directory = directory;
    this.port = port;
    this.overrides = settings.overrides();
    this.onFatalFault = settings.onFatalFault();
  }

  /// Starts a broker with [Settings#defaults], to be used and thrown away.
  public static LocalKafka start() {
    return start(Settings.defaults());
  }

  /// Starts a broker; returns when it serves clients. Takes two to four seconds the first time in a
  /// JVM, less than one later.
  ///
  /// @throws UncheckedIOException if the port is taken or the folder cannot be written
  /// @throws IllegalStateException if Kafka does not start, e.g. for a wrong property
  public static LocalKafka start(Settings settings) {
    HeldPort port = takePort(settings);
    LocalKafka kafka = new LocalKafka(settings, openDirectory(settings, port), port);
    try {
      kafka.startNode();
      return kafka;
    } catch (RuntimeException | Error e) {
      kafka.close();
      throw e;
    }
  }

  /// `host:port`, for a client's `bootstrap.servers`.
  public String bootstrapServers() {
    return "127.0.0.1:" + port.port();
  }

  /// The folder that holds the data.
  public Path dataDirectory() {
    return directory.path();
  }

  /// Stops the broker and keeps its data and its port; clients see a broker that is down. Stopping
  /// twice is safe.
  public void stop() {
    if (node != null) {
      node.close();
      node = null;
    }
  }

  /// Stops the broker if it runs, and starts it again on the same port with the same data.
  public void restart() {
    stop();
    startNode();
  }

  /// Stops the broker, gives the port back and removes a temporary folder. Closing twice is safe.
  @Override
  public void close() {
    stop();
    port.close();
    directory.removeIfTemporary();
  }

  private static HeldPort takePort(Settings settings) {
    try {
      return HeldPort.take(settings.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataDirectory openDirectory(Settings settings, HeldPort port) {
    try {
      return DataDirectory.open(settings.dataDirectory());
    } catch (IOException e) {
      port.close();
      throw new UncheckedIOException(e);
    }
  }

  private void startNode() {
    try {
      node = KafkaNode.start(directory.path(), port, overrides, onFatalFault);
    } catch (Exception e) {
      throw new IllegalStateException("the local Kafka did not start: " + e.getMessage(), e);
    }
  }

  /// What a local broker is told. Immutable.
  ///
  /// @param dataDirectory where it keeps its data; null for a temporary folder that is removed when
  ///   the broker is closed
  /// @param port where clients reach it; 0 for a free one
  /// @param overrides Kafka's own server properties, e.g. `offset.metadata.max.bytes`
  /// @param onFatalFault is told, on a thread of Kafka's, why a broker is of no use any more
  public record Settings(
      @Nullable Path dataDirectory,
      int port,
      Map<String, String> overrides,
      Consumer<String> onFatalFault) {

    public Settings {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "port " + port + " is not allowed: 0 for a free one, or 1 to 65535");
      }
      overrides = Map.copyOf(overrides);
    }

    /// A temporary folder and a free port.
    public static Settings defaults() {
      return new Settings(null, 0, Map.of(), _ -> {});
    }

    public Settings withDataDirectory(Path directory) {
      return new Settings(directory, port, overrides, onFatalFault);
    }

    public Settings withPort(int newPort) {
      return new Settings(dataDirectory, newPort, overrides, onFatalFault);
    }

    /// Sets one of Kafka's server properties.
    public Settings with(String property, String value) {
      Map<String, String> more = new HashMap<>(overrides);
      more.put(property, value);
      return new Settings(dataDirectory, port, more, onFatalFault);
    }

    /// What makes such a broker behave as it does, the properties that were set included: for one
    /// that runs elsewhere and is to behave alike. Not who it is, where it listens and writes.
    public Map<String, String> behaviour() {
      return BrokerConfig.behaviour(overrides);
    }

    public Settings withOnFatalFault(Consumer<String> listener) {
      return new Settings(dataDirectory, port, overrides, listener);
    }
  }
}
