package dev.nightshift.cli;

import dev.nightshift.cli.internal.AuditCommand;
import dev.nightshift.cli.internal.CanvasCommand;
import dev.nightshift.cli.internal.CompletionCommand;
import dev.nightshift.cli.internal.CronCommand;
import dev.nightshift.cli.internal.DeadCommand;
import dev.nightshift.cli.internal.DoctorCommand;
import dev.nightshift.cli.internal.EventCommand;
import dev.nightshift.cli.internal.InitCommand;
import dev.nightshift.cli.internal.QueueCommand;
import dev.nightshift.cli.internal.ScaleCommand;
import dev.nightshift.cli.internal.StandardOutput;
import dev.nightshift.cli.internal.TopCommand;
import dev.nightshift.cli.internal.WorkersCommand;
import dev.nightshift.cli.internal.local.DemoCommand;
import dev.nightshift.cli.internal.local.DevCommand;
import dev.nightshift.cli.internal.local.FleetCommand;
import dev.nightshift.common.Names;
import dev.nightshift.scheduler.SchedulerMain;
import dev.nightshift.worker.WorkerMain;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Defaults;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.Version;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command `nightshift`.
@Command(
    name = "nightshift",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Background work on Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "A command is explained by --help after it: nightshift event emit --help",
      "",
      "Ends with 0 done, 1 failed, 2 called wrongly, 3 not found, 4 refused, 5 waited in vain,",
      "69 no answer from Kafka, 130 interrupted; a worker or a fleet with 6 when it handed events back."
    })
public final class Main {
  /// Read by `logback.xml`.
  private static final String KAFKA_LOG_LEVEL = "nightshift.log.kafka";

  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          DevCommand.class,
          WorkerMain.class,
          SchedulerMain.class,
          FleetCommand.class,
          EventCommand.class,
          QueueCommand.class,
          CanvasCommand.class,
          WorkersCommand.class,
          ScaleCommand.class,
          CronCommand.class,
          DeadCommand.class,
          AuditCommand.class,
          InitCommand.class,
          DoctorCommand.class,
          TopCommand.class,
          CompletionCommand.class);

  /// The commands that go on until they are told to end: their settings may come from a file, and
  /// they have a log.
  private static final List<String> PROCESSES = List.of("worker", "scheduler", "fleet");

  private Main() {}

  /// Runs a command and ends with its exit code.
  public static void main(String[] args) {
    if (args.length > 0 && !PROCESSES.contains(args[0])) {
      quietKafka();
    }
    StandardOutput output = StandardOutput.install();
    Optional<String> damaged = damaged(System.getProperty("sun.jnu.encoding", ""), args);
    damaged.ifPresent(problem -> System.err.println("nightshift: " + problem));
    int exitCode = damaged.isPresent() ? ExitCode.USAGE : run(args);
    System.out.flush();
    Optional<String> lost = output.lost();
    lost.ifPresent(
        why -> System.err.println("nightshift: the output could not be written (" + why + ")"));
    System.exit(exitCode == ExitCode.DONE && lost.isPresent() ? ExitCode.FAILED : exitCode);
  }

  /// Java reads arguments in the locale's encoding, and puts a mark in the place of what it cannot.
  ///
  /// @param encoding the locale's
  /// @return what is wrong with them; empty if they are as they were given
  static Optional<String> damaged(String encoding, String... args) {
    boolean utf8 = encoding.equalsIgnoreCase("UTF-8");
    return Stream.of(args)
        .filter(arg -> !utf8 && arg.indexOf('\uFFFD') >= 0)
        .findFirst()
        .map(arg ->
            Names.quoted(arg)
                + " has characters that cannot be read in this locale, whose encoding is "
                + encoding
                + ". Set LC_ALL to a locale of UTF-8, such as C.UTF-8 (locale -a lists them)");
  }

  /// What Kafka's clients warn of is said once, by the command that fails for it.
  static void quietKafka() {
    System.setProperty(KAFKA_LOG_LEVEL, "OFF");
  }

  /// All commands.
  static CommandLine line() {
    return line(COMMANDS);
  }

  // The one that is called, if there is one: to look through all of them takes longer than what
  // most of them do.
  private static CommandLine line(String called) {
    List<Class<?>> one = COMMANDS.stream().filter(each -> name(each).equals(called)).toList();
    return one.isEmpty() || called.equals("completion") ? line() : line(one);
  }

  private static CommandLine line(List<Class<?>> commands) {
    CommandLine line = new CommandLine(new Main());
    commands.forEach(line::addSubcommand);
    return Commands.prepared(line);
  }

  private static String name(Class<?> command) {
    return Objects.requireNonNull(command.getAnnotation(Command.class)).name();
  }

  /// Runs a command.
  ///
  /// @return an [ExitCode]
  static int run(String... args) {
    if (args.length == 0) {
      line().usage(System.err);
      return ExitCode.USAGE;
    }
    CommandLine line = line(args[0]);
    for (String name : PROCESSES) {
      CommandLine process = line.getSubcommands().get(name);
      if (process != null) {
        Defaults.install(process, List.of(args));
      }
    }
    return line.execute(args);
  }
}
