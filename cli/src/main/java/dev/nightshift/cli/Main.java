package dev.nightshift.cli;

import dev.nightshift.cli.internal.DemoCommand;
import dev.nightshift.cli.internal.EventCommand;
import dev.nightshift.cli.internal.QueueCommand;
import dev.nightshift.common.FleetException;
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
    subcommands = {DemoCommand.class, WorkerMain.class, EventCommand.class, QueueCommand.class})
public final class Main {
  private static final int USAGE = 2;
  private static final int FAILED = 1;
  private static final int NOT_FOUND = 3;
  private static final int REFUSED = 4;
  private static final int UNREACHABLE = 69;

  private Main() {}

  /// Runs a command and ends with its exit code.
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      command.getErr().println("nightshift: " + failure.getMessage());
      return switch (failure) {
        case FleetException.Unreachable unreachable -> UNREACHABLE;
        case FleetException.UnknownCanvas unknown -> NOT_FOUND;
        case FleetException.Refused refused -> REFUSED;
        default -> FAILED;
      };
    });
    if (args.length == 0) {
      line.usage(System.err);
      System.exit(USAGE);
    }
    System.exit(line.execute(args));
  }
}
