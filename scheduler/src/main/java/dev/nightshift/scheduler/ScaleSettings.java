package dev.nightshift.scheduler;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.scheduler.internal.scale.ScaleCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a scheduler decides how many workers and partitions are wanted. Immutable.
///
/// @param every how often it looks, from 1 s to 15 s: a decision counts for 30 s
/// @param coolDown for so long fewer workers must have been enough before fewer are wanted, from 10
///   s to 1 h
/// @param partitionsMax more partitions than these are not given to a canvas, from 0: none are
///   added then
/// @param command is run when the number of workers changes, `{n}` being the number; empty for none
public record ScaleSettings(
    Duration every, Duration coolDown, int partitionsMax, Optional<String> command) {
  /// Those that a scheduler has if nothing else is said.
  public static final ScaleSettings DEFAULT =
      new ScaleSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), 48, Optional.empty());

  /// What is wrong with them, one problem each.
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    between("scale-every", every, Duration.ofSeconds(1), Duration.ofSeconds(15), problems);
    between("scale-cool-down", coolDown, Duration.ofSeconds(10), Duration.ofHours(1), problems);
    if (partitionsMax < 0 || partitionsMax > Fleet.PARTITIONS_MAX) {
      problems.add(
          "partitions-max " + partitionsMax + " is not allowed: 0 (none are added) to 10,000");
    }
    command
        .flatMap(ScaleSettings::problem)
        .ifPresent(problem -> problems.add("scale-command " + problem));
    return problems;
  }

  private static void between(
      String name, Duration value, Duration least, Duration most, List<String> problems) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problems.add(
          "%s %s is not allowed: %s to %s"
              .formatted(name, Durations.text(value), Durations.text(least), Durations.text(most)));
    }
  }

  private static Optional<String> problem(String command) {
    try {
      return words(command).stream().skip(1).anyMatch(each -> each.contains(ScaleCommand.NUMBER))
          ? Optional.empty()
          : Optional.of(
              Names.quoted(command)
                  + " is not allowed: a program and its arguments, one of them with {n} in it, such"
                  + " as docker compose up -d --scale worker={n}");
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// A command's program and arguments: blanks part them, but not in single or double quotes.
  /// Nothing else has a meaning.
  ///
  /// @throws IllegalArgumentException if a quote has no end
  public static List<String> words(String command) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean begun = false;
    char quote = ' ';
    for (char c : command.toCharArray()) {
      if (quote == ' ' && (c == '\'' || c == '"')) {
        quote = c;
        begun = true;
      } else if (c == quote && quote != ' ') {
        quote = ' ';
      } else if (quote == ' ' && Character.isWhitespace(c)) {
        if (begun) {
          words.add(word.toString());
          word.setLength(0);
        }
        begun = false;
      } else {
        word.append(c);
        begun = true;
      }
    }
    if (quote != ' ') {
      throw new IllegalArgumentException(
          Names.quoted(command) + " is not allowed: a quote " + quote + " has no end");
    }
    if (begun) {
      words.add(word.toString());
    }
    return words;
  }
}
