package dev.nightshift.worker.command;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The page that lists what can be set, made from the options themselves. Pure.
public final class SettingsTable {
  private static final Pattern RANDOM_NAME = Pattern.compile("(worker|scheduler)-[0-9a-f]{8}");

  private SettingsTable() {}

  /// A page in Markdown.
  ///
  /// @param command the worker's, not parsed yet
  public static String page(CommandSpec command) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # A worker's settings

        Made from the program by `./dev docs`. A flag beats the environment, which beats the properties file of `--config`. Keys that are
        not known are refused, with the nearest that is. Kafka's own settings for clients (TLS, SASL, time-outs) go through: `kafka.NAME` in the
        file, `NIGHTSHIFT_KAFKA_NAME` with `_` for `.` in the environment, `--command-property NAME=VALUE`. A worker prints what it runs with
        when it starts, without secrets.

        `nightshift fleet` takes a worker's settings, and `--min`, `--max`, `--log-dir` and `--jvm` beside (`nightshift fleet --help`); each of its workers has a
        heap of 512 MiB unless told otherwise.

        """);
    page.append(table(command));
    return page.toString();
  }

  /// A section about another process.
  ///
  /// @param whose as the heading says it: `A scheduler's`
  /// @param command that process's, not parsed yet
  public static String section(String whose, CommandSpec command) {
    return "\n## " + whose + " settings\n\n" + table(command);
  }

  private static String table(CommandSpec command) {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        | flag | environment | key in the file | default | is |
        |---|---|---|---|---|
        """);
    for (OptionSpec option : command.options()) {
      if (Defaults.isSetting(option)) {
        String name = option.longestName();
        page.append(
            "| `%s` | `%s` | `%s` | %s | %s |%n"
                .formatted(
                    name,
                    Defaults.variable(name),
                    Defaults.key(name),
                    standard(option),
                    description(option)));
      }
    }
    return page.toString();
  }

  private static String standard(OptionSpec option) {
    return option.required() ? "must be said" : text(option.getValue());
  }

  private static String description(OptionSpec option) {
    String said = String.join(" ", option.description()).replace("$$", "$");
    return option.getValue() == null ? said : said.replaceFirst(" \\(default: .*\\)\\.$", ".");
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "–";
      case Duration duration -> "`" + Durations.text(duration) + "`";
      case Collection<?> many ->
          many.stream()
              .map(SettingsTable::text)
              .collect(Collectors.joining(","))
              .replace("`,`", ",");
      case String name when RANDOM_NAME.matcher(name).matches() -> "a random one";
      default -> "`" + value + "`";
    };
  }
}
