package dev.nightshift.worker.command;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What a process runs with, for its log: each setting, its value and where that is from, without
/// secrets. Pure.
public final class EffectiveSettings {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(password|secret|jaas|token|credential|keystore\\.key|ssl\\.keystore\\.certificate).*");

  private EffectiveSettings() {}

  /// A line for each option of a command that was parsed, and for each setting of Kafka's clients.
  public static List<String> of(CommandSpec command, Map<String, Object> client) {
    List<String> lines = new ArrayList<>();
    Defaults defaults = Defaults.of(command);
    for (OptionSpec option : command.options()) {
      if (Defaults.isSetting(option)) {
        String name = option.longestName();
        String source =
            command.commandLine().getParseResult().hasMatchedOption(option)
                ? "flag"
                : defaults.value(name).map(Defaults.Value::source).orElse("default");
        text(option.getValue())
            .ifPresent(value -> lines.add(Defaults.key(name) + "=" + value + " (" + source + ")"));
      }
    }
    new TreeMap<>(client)
        .forEach((key, value) -> lines.add("kafka." + key + "=" + shown(key, value)));
    return lines;
  }

  private static Optional<String> text(Object value) {
    return switch (value) {
      case null -> Optional.empty();
      case Collection<?> many ->
          Optional.of(
              many.stream().flatMap(each -> text(each).stream()).collect(Collectors.joining(",")));
      case Duration duration -> Optional.of(Durations.text(duration));
      default -> Optional.of(value.toString());
    };
  }

  private static String shown(String key, Object value) {
    return SECRET.matcher(key).matches() ? "(hidden)" : String.valueOf(value);
  }
}
