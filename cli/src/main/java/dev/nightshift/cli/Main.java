package dev.nightshift.cli;

import dev.nightshift.cli.internal.DemoCommand;
import dev.nightshift.cli.internal.EventCommand;
import dev.nightshift.worker.WorkerMain;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command `nightshift`.
@Command(
    name = "nightshift",
    mixinStandardHelpOptions = true,
    version = "nightshift 0.1.0-SNAPSHOT",
    description = "Background work on Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DemoCommand.class, WorkerMain.class, EventCommand.class})
public final class Main {
  private static final int USAGE = 2;
  private static final int FAILED = 1;

  private Main() {}

  /// Runs a command and ends with its exit code.
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("nightshift: " + failure.getMessage());
      return failure instanceof dev.nightshift.common.FleetException.Unreachable ? 69 : FAILED;
    });
    if (args.length == 0) {
      line.usage(System.err);
      System.exit(USAGE);
    }
    System.exit(line.execute(args));
  }
}
