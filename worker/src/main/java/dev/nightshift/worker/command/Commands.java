package dev.nightshift.worker.command;

import dev.nightshift.common.FleetException;
import dev.nightshift.common.cron.UnknownCronException;
import dev.nightshift.common.dead.DeadLetterException;
import dev.nightshift.emitter.EmitException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs commands so that all of them fail alike: what is wrong on stderr, without a stack trace,
/// and an [ExitCode].
public final class Commands {
  /// Set to anything, it shows the stack traces of failures.
  private static final String DEBUG = "NIGHTSHIFT_DEBUG";

  private Commands() {}

  /// A command line that says errors the common way, all of a call's mistakes at once.
  ///
  /// @param command a class with picocli's annotations
  public static CommandLine line(Object command) {
    return prepared(new CommandLine(command));
  }

  /// See [#line]; the command line has all its commands already.
  public static CommandLine prepared(CommandLine line) {
    collectErrors(line);
    sayVersions(line, line.getCommandSpec());
    return line.setExecutionStrategy(Commands::run)
        .setParameterExceptionHandler((wrong, arguments) -> said(wrong))
        .setExecutionExceptionHandler((failure, failed, parsed) -> said(failure, failed));
  }

  /// What a command throws that finds its arguments wrong.
  ///
  /// @param problems one or more
  public static ParameterException wrong(CommandSpec command, List<String> problems) {
    String message =
        problems.size() == 1
            ? problems.get(0)
            : problems.size() + " problems:\n- " + String.join("\n- ", problems);
    return new ParameterException(command.commandLine(), message);
  }

  private static void collectErrors(CommandLine line) {
    line.getCommandSpec().parser().collectErrors(true);
    line.getSubcommands().values().forEach(Commands::collectErrors);
  }

  // They have the option, but what it says is said of the first command only.
  private static void sayVersions(CommandLine line, CommandSpec first) {
    line.getSubcommands()
        .values()
        .forEach(each -> {
          if (first.versionProvider() != null) {
            each.getCommandSpec().versionProvider(first.versionProvider());
          }
          sayVersions(each, first);
        });
  }

  private static int run(ParseResult parsed) {
    Integer help = CommandLine.executeHelpRequest(parsed);
    if (help != null) {
      return help;
    }
    for (CommandLine line : parsed.asCommandLineList()) {
      List<ParameterException> mistakes = Mistakes.of(line.getParseResult().errors());
      if (mistakes.size() == 1) {
        throw mistakes.get(0);
      }
      if (!mistakes.isEmpty()) {
        throw wrong(line.getCommandSpec(), mistakes.stream().map(Mistakes::text).toList());
      }
    }
    return new RunLast().execute(parsed);
  }

  private static int said(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    PrintWriter err = line.getErr();
    err.println(line.getCommandSpec().root().name() + ": " + Mistakes.text(wrong));
    if (wrong instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
      UnmatchedArgumentException.printSuggestions(unmatched, err);
    }
    err.println("How it is used: " + line.getCommandSpec().qualifiedName() + " --help");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int said(Exception thrown, CommandLine line) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    PrintWriter err = line.getErr();
    err.println(line.getCommandSpec().root().name() + ": " + inWordsOfCommands(message(failure)));
    if (System.getenv(DEBUG) != null) {
      failure.printStackTrace(err);
    }
    err.flush();
    return exitCode(failure);
  }

  // The library knows no options, and who calls a command knows no settings.
  private static String inWordsOfCommands(@Nullable String message) {
    return String.valueOf(message)
        .replace(
            "that bootstrap.servers is right",
            "that --bootstrap-server (NIGHTSHIFT_BOOTSTRAP_SERVER) is right");
  }

  private static @Nullable String message(Throwable failure) {
    return switch (failure) {
      case FleetException known -> known.getMessage();
      case DeadLetterException known -> known.getMessage();
      case UnknownCronException known -> known.getMessage();
      case EmitException known -> known.getMessage();
      case CommandException known -> known.getMessage();
      default ->
          "this should not happen: "
              + failure
              + ". Set "
              + DEBUG
              + "=1 to see where, and report it";
    };
  }

  private static int exitCode(Throwable failure) {
    return switch (failure) {
      case CommandException known -> known.exitCode();
      case FleetException.Unreachable _ -> ExitCode.UNREACHABLE;
      case FleetException.UnknownCanvas _, FleetException.NotInitialized _ -> ExitCode.NOT_FOUND;
      case FleetException.Refused _, FleetException.UnsuitableTopic _ -> ExitCode.REFUSED;
      case FleetException.InvalidName _, FleetException.InvalidValue _ -> ExitCode.USAGE;
      case DeadLetterException.NotFound _ -> ExitCode.NOT_FOUND;
      case UnknownCronException _ -> ExitCode.NOT_FOUND;
      case DeadLetterException.Ambiguous _ -> ExitCode.USAGE;
      case DeadLetterException.Overtaken _ -> ExitCode.REFUSED;
      case EmitException.UnknownCanvas _, EmitException.CanvasDeleted _ -> ExitCode.NOT_FOUND;
      case EmitException.Refused _ -> ExitCode.REFUSED;
      case EmitException.InvalidEvent _, EmitException.PayloadTooLarge _ -> ExitCode.USAGE;
      case EmitException.Unreachable _, EmitException.NotConfirmed _ -> unsent(failure.getCause());
      default -> ExitCode.FAILED;
    };
  }

  /// What kept an event from being stored.
  private static int unsent(@Nullable Throwable cause) {
    return switch (cause) {
      case FleetException known -> exitCode(known);
      case AuthorizationException _, AuthenticationException _ -> ExitCode.REFUSED;
      case null, default -> ExitCode.UNREACHABLE;
    };
  }
}
