package dev.nightshift.worker.command;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.Knock;
import dev.nightshift.common.Names;
import dev.nightshift.common.Nearest;
import dev.nightshift.common.TopicPlan;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The options that say which fleet a command is about, as Kafka's own commands call them. A flag
/// beats the environment, which beats the file: that of `NIGHTSHIFT_CONFIG`, or
/// `~/.config/nightshift/config.properties`. A command with an option `--config` reads its file by
/// itself.
public final class Connection {
  /// The longest wait for one answer, for commands that are over within seconds.
  public static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// A broker that is just starting may take as long until it listens.
  private static final Duration KNOCK = Duration.ofSeconds(1);

  private static final Pattern SERVER = Pattern.compile("([A-Za-z_]+://)?[^\\s/]+:[0-9]{1,5}");
  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final String SERVER_VARIABLE = "NIGHTSHIFT_BOOTSTRAP_SERVER";
  private static final String FILE_VARIABLE = "NIGHTSHIFT_COMMAND_CONFIG";
  private static final String PREFIX_VARIABLE = "NIGHTSHIFT_TOPIC_PREFIX";

  private static final String CONFIG_VARIABLE = "NIGHTSHIFT_CONFIG";
  private static final String SERVER_KEY = "bootstrap-server";
  private static final String FILE_KEY = "command-config";
  private static final String PREFIX_KEY = "topic-prefix";
  private static final String KAFKA_KEY = "kafka.";

  /// A key that is so near to a known one is a mistyped one.
  private static final int NEAR = 2;

  private final Function<String, @Nullable String> environment;
  private final Consumer<Map<String, Object>> knock;
  private volatile boolean knocked;
  private @Nullable Map<String, String> config;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "The Kafka cluster (default: $$" + SERVER_VARIABLE + ").")
  private @Nullable String bootstrapServer;

  @Option(
      names = "--command-config",
      paramLabel = "FILE",
      description =
          "A properties file with settings of Kafka's clients, such as TLS and SASL (default:"
              + " $$"
              + FILE_VARIABLE
              + ").")
  private @Nullable Path file;

  @Option(
      names = "--command-property",
      paramLabel = "KEY=VALUE",
      description = "One setting of Kafka's clients; beats the file.")
  private Map<String, String> properties = new LinkedHashMap<>();

  @Option(
      names = "--topic-prefix",
      paramLabel = "PREFIX",
      description =
          "What the fleet's topics begin with (default: $$"
              + PREFIX_VARIABLE
              + ", or "
              + TopicPlan.DEFAULT_PREFIX
              + ").")
  private @Nullable String prefix;

  /// With this process's environment.
  public Connection() {
    this(System::getenv, client -> Knock.at(client, KNOCK));
  }

  /// @param knock is given the clients' settings, and throws if nobody is there
  Connection(Function<String, @Nullable String> environment, Consumer<Map<String, Object>> knock) {
    this.environment = environment;
    this.knock = knock;
  }

  /// Settings for all of Kafka's clients, for a command that is over within seconds.
  ///
  /// @throws dev.nightshift.common.FleetException.Unreachable if nobody is there at all
  public Map<String, Object> client() {
    Map<String, Object> client = client(Map.of());
    if (!knocked) {
      knock.accept(client);
      knocked = true;
    }
    return client;
  }

  /// Settings for all of Kafka's clients, for who waits until somebody is there.
  ///
  /// @param more settings from elsewhere, which beat the file of `--command-config` and nothing
  ///   else
  public Map<String, Object> client(Map<String, String> more) {
    Map<String, Object> client = new HashMap<>();
    clientFile().ifPresent(from -> client.putAll(read(from, "clients' settings")));
    config()
        .forEach((key, value) -> {
          if (key.startsWith(KAFKA_KEY)) {
            client.put(key.substring(KAFKA_KEY.length()), value);
          }
        });
    client.putAll(more);
    setting(SERVER_KEY).ifPresent(server -> client.put(BOOTSTRAP, server));
    variable(SERVER_VARIABLE).ifPresent(server -> client.put(BOOTSTRAP, server));
    client.putAll(properties);
    String server = bootstrapServer;
    if (server != null) {
      client.put(BOOTSTRAP, server);
    }
    checkServers(String.valueOf(client.getOrDefault(BOOTSTRAP, "")));
    return client;
  }

  private void checkServers(String servers) {
    if (servers.isBlank()) {
      throw wrong("which cluster? Say --bootstrap-server HOST:PORT, or set " + SERVER_VARIABLE);
    }
    for (String server : servers.split(",")) {
      if (!SERVER.matcher(server.strip()).matches()) {
        throw wrong(
            "bootstrap server "
                + Names.quoted(server.strip())
                + " is not allowed: HOST:PORT, such as localhost:9092, or several with commas");
      }
    }
  }

  /// The options that tell Kafka's own commands the same cluster. Those of `--command-property` are
  /// left out: there may be secrets among them.
  public String kafkaOptions() {
    return "--bootstrap-server "
        + client(Map.of()).get(BOOTSTRAP)
        + clientFile().map(from -> " --command-config " + from).orElse("");
  }

  /// The options that tell Nightshift's own commands the same fleet.
  public String ownOptions() {
    String wanted = plan().prefix();
    return kafkaOptions()
        + (wanted.equals(TopicPlan.DEFAULT_PREFIX) ? "" : " --topic-prefix " + wanted);
  }

  private Optional<Path> clientFile() {
    return Optional.ofNullable(file)
        .or(() -> variable(FILE_VARIABLE).map(Path::of))
        .or(() -> setting(FILE_KEY).map(Path::of));
  }

  /// The fleet's topics.
  public TopicPlan plan() {
    String wanted =
        Optional.ofNullable(prefix)
            .or(() -> variable(PREFIX_VARIABLE))
            .or(() -> setting(PREFIX_KEY))
            .orElse(TopicPlan.DEFAULT_PREFIX);
    try {
      return new TopicPlan(wanted);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /// The fleet, for a command that is over within seconds.
  public Fleet fleet() {
    return Fleet.of(client(), plan(), ANSWER_MAX);
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isBlank());
  }

  private Optional<String> setting(String key) {
    return Optional.ofNullable(config().get(key)).filter(value -> !value.isBlank());
  }

  // Read once, when it is first asked for.
  private Map<String, String> config() {
    Map<String, String> known = config;
    if (known == null) {
      known = configFile().map(this::readConfig).orElse(Map.of());
      config = known;
    }
    return known;
  }

  private Optional<Path> configFile() {
    CommandSpec spec = command;
    if (spec != null && spec.findOption(Defaults.FILE_OPTION) != null) {
      return Optional.empty();
    }
    return variable(CONFIG_VARIABLE)
        .map(Path::of)
        .or(() ->
            variable("XDG_CONFIG_HOME")
                .map(Path::of)
                .or(() -> variable("HOME").map(home -> Path.of(home, ".config")))
                .map(folder -> folder.resolve("nightshift").resolve("config.properties"))
                .filter(Files::exists));
  }

  // Others' keys, such as a worker's, may stand in the same file.
  private Map<String, String> readConfig(Path from) {
    Map<String, String> read = read(from, "settings");
    List<String> known = List.of(SERVER_KEY, FILE_KEY, PREFIX_KEY);
    for (String key : new TreeMap<>(read).keySet()) {
      Optional<String> near =
          Nearest.to(key, known).filter(each -> Nearest.distance(key, each) <= NEAR);
      if (near.isPresent() && !known.contains(key)) {
        throw wrong(
            "there is no key " + key + " in " + from + "; did you mean " + near.get() + "?");
      }
    }
    return read;
  }

  private Map<String, String> read(Path from, String what) {
    NamedPath.problemWithFile(from, what)
        .ifPresent(problem -> {
          throw wrong(problem);
        });
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(from)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(NamedPath.unreadable(from, what, e));
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
