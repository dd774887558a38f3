package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.TopicPlan;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which fleet a command is about. A flag beats the environment.
final class Connection {
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      defaultValue = "${NIGHTSHIFT_BOOTSTRAP_SERVER}",
      description = "The Kafka cluster (default: $$NIGHTSHIFT_BOOTSTRAP_SERVER).")
  private @Nullable String bootstrapServer;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description = "A properties file with settings of Kafka's clients, such as TLS and SASL.")
  private @Nullable Path file;

  @Option(
      names = "--command-property",
      paramLabel = "KEY=VALUE",
      description = "One setting of Kafka's clients; beats the file.")
  private Map<String, String> properties = new HashMap<>();

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      defaultValue = "${NIGHTSHIFT_TOPIC_PREFIX:-nightshift.}",
      description = "What the fleet's topics begin with (default: nightshift.).")
  private String prefix = TopicPlan.DEFAULT_PREFIX;

  /// Settings for all of Kafka's clients.
  Map<String, Object> client() {
    Map<String, Object> client = new HashMap<>();
    Path from = file;
    if (from != null) {
      client.putAll(read(from));
    }
    client.putAll(properties);
    String server = bootstrapServer;
    if (server != null && !server.isBlank()) {
      client.put("bootstrap.servers", server);
    }
    if (!client.containsKey("bootstrap.servers")) {
      throw wrong(
          "which cluster? Say --bootstrap-server HOST:PORT, or set NIGHTSHIFT_BOOTSTRAP_SERVER");
    }
    return client;
  }

  /// The fleet's topics.
  TopicPlan plan() {
    try {
      return new TopicPlan(prefix);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /// The fleet, for a command that is over within seconds.
  Fleet fleet() {
    return Fleet.of(client(), plan(), ANSWER_MAX);
  }

  private Map<String, String> read(Path from) {
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(from)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong("--command-config " + from + " cannot be read: " + e);
    }
    Map<String, String> settings = new HashMap<>();
    read.stringPropertyNames().forEach(name -> settings.put(name, read.getProperty(name)));
    return settings;
  }

  private ParameterException wrong(String problem) {
    CommandSpec spec = command;
    if (spec == null) {
      throw new IllegalStateException(problem);
    }
    return new ParameterException(spec.commandLine(), problem);
  }
}
