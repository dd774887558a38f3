package dev.nightshift.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What all commands say of themselves, whichever there are.
class HelpTest {
  private static final CommandLine ROOT = Main.line();

  @TestFactory
  Stream<DynamicTest> each_command_says_what_it_does_and_gives_an_example() {
    return all(ROOT).stream()
        .map(line -> DynamicTest.dynamicTest(name(line), () -> assertExplained(line)));
  }

  private static void assertExplained(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    String help = line.getUsageMessage(CommandLine.Help.Ansi.OFF);
    assertTrue(help.startsWith("Usage: " + spec.qualifiedName()), help);
    assertTrue(spec.usageMessage().description().length > 0, "no description");
    // Lists of commands and completions show no more of it.
    String first = spec.usageMessage().description()[0];
    assertTrue(first.endsWith(".") && first.length() <= 100, first);
    for (ArgSpec argument : spec.args()) {
      assertTrue(
          argument.hidden() || argument.description().length > 0,
          () -> "nothing is said of " + argument);
    }
    for (OptionSpec option : spec.options()) {
      assertTrue(
          option.hidden() || option.longestName().startsWith("--"),
          () -> "no long name: " + option);
    }
    if (line.getSubcommands().isEmpty()) {
      String footer = String.join("\n", spec.usageMessage().footer());
      assertTrue(
          footer.contains("Example") && footer.contains(spec.qualifiedName()),
          () -> "no example in: " + footer);
    }
  }

  @TestFactory
  Stream<DynamicTest> each_command_prints_its_help_and_the_version() {
    return all(ROOT).stream()
        .map(line ->
            DynamicTest.dynamicTest(
                name(line),
                () -> {
                  assertEquals("", said(line, "--help").err());
                  assertTrue(said(line, "-h").out().startsWith("Usage: " + name(line)));
                  assertEquals(said(ROOT, "--version"), said(line, "-V"));
                }));
  }

  @Test
  void the_version_is_that_of_nightshift_java_and_kafka() {
    Said said = said(ROOT, "--version");
    assertTrue(
        said.out().matches("nightshift \\S+ \\(Java \\S+, Kafka clients \\S+\\)\n"), said.out());
  }

  private static Said said(CommandLine line, String option) {
    List<String> arguments = new ArrayList<>(List.of(name(line).split(" ")));
    arguments.remove(0);
    arguments.add(option);
    return Said.by(arguments.toArray(String[]::new));
  }

  private static String name(CommandLine line) {
    return line.getCommandSpec().qualifiedName();
  }

  private static List<CommandLine> all(CommandLine line) {
    List<CommandLine> all = new ArrayList<>(List.of(line));
    line.getSubcommands().values().stream().distinct().map(HelpTest::all).forEach(all::addAll);
    return all;
  }
}
