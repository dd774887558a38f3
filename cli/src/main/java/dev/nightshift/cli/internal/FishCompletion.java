package dev.nightshift.cli.internal;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What fish needs to complete commands and options, made from the commands themselves. Pure.
final class FishCompletion {
  private final String name;
  private final List<String> lines = new ArrayList<>();

  private FishCompletion(String name) {
    this.name = name;
  }

  static String of(CommandLine root) {
    FishCompletion completion = new FishCompletion(root.getCommandName());
    // Only where an option takes one is a file completed.
    completion.lines.add("complete -c " + completion.name + " -f");
    completion.add(root, List.of());
    return String.join("\n", completion.lines);
  }

  private void add(CommandLine line, List<String> path) {
    String here = condition(line, path);
    line.getSubcommands()
        .forEach((verb, each) -> {
          if (!each.getCommandSpec().usageMessage().hidden()) {
            lines.add(
                "complete -c %s -n %s -a %s -d %s"
                    .formatted(name, quoted(here), verb, quoted(summary(each.getCommandSpec()))));
            List<String> deeper = new ArrayList<>(path);
            deeper.add(verb);
            add(each, deeper);
          }
        });
    for (OptionSpec option : line.getCommandSpec().options()) {
      if (!option.hidden()) {
        lines.add("complete -c %s -n %s%s".formatted(name, quoted(here), words(option)));
      }
    }
  }

  // In this command, and in none of its own.
  private static String condition(CommandLine line, List<String> path) {
    List<String> all = new ArrayList<>();
    path.forEach(verb -> all.add("__fish_seen_subcommand_from " + verb));
    if (!line.getSubcommands().isEmpty()) {
      all.add(
          "not __fish_seen_subcommand_from " + String.join(" ", line.getSubcommands().keySet()));
    }
    return String.join("; and ", all);
  }

  private static String words(OptionSpec option) {
    StringBuilder words = new StringBuilder();
    for (String each : option.names()) {
      words.append(each.startsWith("--") ? " -l " + each.substring(2) : " -s " + each.substring(1));
    }
    if (option.arity().min() > 0) {
      words.append(
          option.paramLabel().contains("FILE") || option.paramLabel().contains("DIR")
              ? " -r -F"
              : " -x");
    }
    String description = String.join(" ", option.description()).replace("$$", "$");
    return words.append(" -d ").append(quoted(description)).toString();
  }

  private static String summary(CommandSpec command) {
    String[] description = command.usageMessage().description();
    return description.length == 0 ? "" : description[0];
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
