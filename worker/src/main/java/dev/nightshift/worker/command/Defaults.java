package dev.nightshift.worker.command;

import dev.nightshift.common.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The values of options that are not said on the command line: `NIGHTSHIFT_RETRY_DELAYS` in the
/// environment stands for `--retry-delays`, and so does `retry-delays` in the properties file that
/// `--config` names. A flag beats the environment, which beats the file. Settings of Kafka's
/// clients are `NIGHTSHIFT_KAFKA_SECURITY_PROTOCOL` and `kafka.security.protocol`. Immutable.
public final class Defaults implements IDefaultValueProvider {
  /// The option that names the file.
  public static final String FILE_OPTION = "--config";

  private static final String VARIABLE = "NIGHTSHIFT_";
  private static final String KAFKA_VARIABLE = VARIABLE + "KAFKA_";
  private static final String KAFKA_KEY = "kafka.";
  private static final String SETTINGS = "settings";

  /// A name that is so near to a known one is a mistyped one.
  private static final int NEAR = 2;

  private final Map<String, String> environment;
  private final SortedMap<String, String> file = new TreeMap<>();
  private final Optional<String> fileProblem;

  private Defaults(Map<String, String> environment, Optional<Path> from) {
    this.environment = Map.copyOf(environment);
    this.fileProblem = from.flatMap(this::read);
  }

  /// Gives a command's options these defaults.
  ///
  /// @param line the command, before it is executed
  /// @param arguments what it will be executed with
  public static void install(CommandLine line, List<String> arguments) {
    install(line, arguments, System.getenv());
  }

  static void install(CommandLine line, List<String> arguments, Map<String, String> environment) {
    Optional<Path> file =
        named(arguments)
            .or(() -> Optional.ofNullable(environment.get(variable(FILE_OPTION))))
            .map(Path::of);
    line.setDefaultValueProvider(new Defaults(environment, file));
  }

  // Defaults are asked for before the arguments are read.
  private static Optional<String> named(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).startsWith(FILE_OPTION + "=")) {
        return Optional.of(arguments.get(i).substring(FILE_OPTION.length() + 1));
      }
      if (arguments.get(i).equals(FILE_OPTION) && i + 1 < arguments.size()) {
        return Optional.of(arguments.get(i + 1));
      }
    }
    return Optional.empty();
  }

  /// The defaults that a command was given; those of nowhere if none were.
  public static Defaults of(CommandSpec command) {
    return command.defaultValueProvider() instanceof Defaults given
        ? given
        : new Defaults(Map.of(), Optional.empty());
  }

  private Optional<String> read(Path from) {
    Optional<String> problem = NamedPath.problemWithFile(from, SETTINGS);
    if (problem.isPresent()) {
      return problem;
    }
    Properties read = new Properties();
    try (Reader reader = Files.newBufferedReader(from)) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      return Optional.of(NamedPath.unreadable(from, SETTINGS, e));
    }
    read.stringPropertyNames().forEach(name -> file.put(name, read.getProperty(name).strip()));
    return Optional.empty();
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && isSetting(option)
        ? value(option.longestName()).map(Value::text).orElse(null)
        : null;
  }

  /// A value and where it is from.
  ///
  /// @param source the variable's name, or `file`
  record Value(String text, String source) {}

  Optional<Value> value(String option) {
    String variable = variable(option);
    String said = environment.get(variable);
    if (said != null && !said.isBlank()) {
      return Optional.of(new Value(said.strip(), variable));
    }
    return Optional.ofNullable(file.get(key(option))).map(text -> new Value(text, "file"));
  }

  /// The settings of Kafka's clients.
  public Map<String, String> kafka() {
    Map<String, String> settings = new TreeMap<>();
    file.forEach((key, value) -> {
      if (key.startsWith(KAFKA_KEY)) {
        settings.put(key.substring(KAFKA_KEY.length()), value);
      }
    });
    environment.forEach((variable, value) -> {
      if (variable.startsWith(KAFKA_VARIABLE)) {
        settings.put(kafkaName(variable), value);
      }
    });
    return settings;
  }

  /// What is wrong with the file itself, if it is named and cannot be read.
  public Optional<String> fileProblem() {
    return fileProblem;
  }

  /// What is wrong with the file and the environment: keys that the command does not know.
  /// Variables are only looked at that are called almost like a known one, as others may be
  /// somebody else's.
  public List<String> problems(CommandSpec command) {
    List<String> problems = new ArrayList<>();
    fileProblem.ifPresent(problems::add);
    Set<String> keys = new HashSet<>();
    Set<String> variables = new HashSet<>();
    for (OptionSpec option : command.options()) {
      if (isSetting(option)) {
        keys.add(key(option.longestName()));
        variables.add(variable(option.longestName()));
      }
    }
    Set<String> kafka = kafkaNames();
    file.keySet().stream()
        .filter(key -> !key.startsWith(KAFKA_KEY) && !keys.contains(key))
        .map(key -> unknown("key", key, keys))
        .forEach(problems::add);
    new TreeMap<>(environment)
        .keySet().stream()
            .filter(name -> name.startsWith(VARIABLE) && !name.startsWith(KAFKA_VARIABLE))
            .filter(name -> !variables.contains(name) && isNear(name, variables))
            .map(name -> unknown("variable", name, variables))
            .forEach(problems::add);
    kafka().keySet().stream()
        .filter(name -> !kafka.contains(name) && isNear(name, kafka))
        .map(name -> unknown("setting of Kafka's clients,", name, kafka))
        .forEach(problems::add);
    return problems;
  }

  private static String unknown(String kind, String name, Set<String> known) {
    return "there is no "
        + kind
        + " "
        + name
        + Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static boolean isNear(String name, Set<String> known) {
    return Nearest.to(name, known).filter(near -> Nearest.distance(name, near) <= NEAR).isPresent();
  }

  private static Set<String> kafkaNames() {
    Set<String> names = new HashSet<>(ConsumerConfig.configNames());
    names.addAll(ProducerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    return names;
  }

  static boolean isSetting(OptionSpec option) {
    boolean plain = !option.isMultiValue() || option.splitRegex().equals(",");
    return plain && !option.usageHelp() && !option.versionHelp() && !option.hidden();
  }

  private static String kafkaName(String variable) {
    return variable.substring(KAFKA_VARIABLE.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }

  static String key(String option) {
    return option.replaceFirst("^--", "");
  }

  static String variable(String option) {
    return VARIABLE + key(option).toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
