package dev.nightshift.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `nightshift` command. Without a subcommand it prints its help.
@Command(
    name = "nightshift",
    description = "Background work on Kafka.",
    mixinStandardHelpOptions = true,
    version = "nightshift 0.1.0")
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new Main()).execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
