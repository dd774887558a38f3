package dev.nightshift.cli.internal;

import dev.nightshift.common.Concurrency;
import dev.nightshift.common.ConcurrencyChange;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.Names;
import dev.nightshift.common.Nearest;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What concerns workers.
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows the workers of the fleet, and tells them how much to run at once.")
public final class WorkersCommand {
  private static final Output.Columns COLUMNS =
      new Output.Columns(
          List.of("NAME", "HOST", "STATE", "RUNNING", "SLOTS", "HANDLERS", "UP", "SAID"),
          List.of("VERSION", "PARTITIONS", "CONTROL OFFSET", "QUEUES"));

  /// Shows the workers.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Shows the live workers: what they do, and when they last said so.",
        "One that has said nothing for 10 s counts as dead. It is silent then, and shown for another"
            + " 10 s."
      },
      footer = {"", "Example: nightshift workers list -o json"})
  int list(@Mixin Output output, @Mixin Watch watch, @Mixin Connection connection) {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      return watch.show(output, () -> print(log.view(), output));
    }
  }

  private static void print(WorkersView view, Output output) {
    Instant now = Instant.now();
    List<WorkerBeat> workers = view.lately(now);
    output.print("workers", COLUMNS, workers.stream().map(each -> row(each, now)).toList());
    if (workers.stream().allMatch(WorkerBeat::silent)) {
      output.remark("no worker lives; start one with: nightshift worker");
    }
  }

  /// Sets how many handlers run at once.
  @Command(
      name = "set",
      mixinStandardHelpOptions = true,
      description = {
        "Tells a worker, or all, how many handlers to run at once.",
        "It counts within a second and stays when the worker is started again under its name; what runs"
            + " is not interrupted. What is said of one by name beats what is said of all."
      },
      footer = {"", "Example: nightshift workers set worker-1 --concurrency 200"})
  int set(
      @ArgGroup(exclusive = true, multiplicity = "1") Which which,
      @ArgGroup(exclusive = true, multiplicity = "1") HowMany howMany,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Acknowledgement acknowledgement,
      @Mixin Connection connection) {
    Concurrency wanted = howMany.of(which);
    if (!which.all) {
      checkLives(wanted.worker(), connection);
    }
    try (Fleet fleet = connection.fleet()) {
      ConcurrencyChange change = fleet.concurrency(wanted, actor.cause(reason));
      System.out.println(
          (which.all ? "all workers" : wanted.worker())
              + (change.changed() ? ": concurrency " : ": concurrency was already ")
              + change.after().text()
              + (change.changed() ? " (before: " + change.before().text() + ")" : ""));
      acknowledgement.await(fleet, connection);
      return ExitCode.DONE;
    }
  }

  private static void checkLives(String worker, Connection connection) {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      List<String> live = log.view().live().stream().map(WorkerBeat::worker).toList();
      if (!live.contains(worker)) {
        throw new CommandException(
            ExitCode.NOT_FOUND,
            "no worker "
                + Names.quoted(worker)
                + " lives"
                + Nearest.to(worker, live).map(near -> "; did you mean " + near + "?").orElse(".")
                + " See them with: nightshift workers list");
      }
    }
  }

  /// Which workers.
  static final class Which {
    @Parameters(paramLabel = "WORKER", arity = "0..1", description = "The worker's name.")
    private @Nullable String name;

    @Option(names = "--all", description = "All that nothing is said of by name.")
    private boolean all;
  }

  /// How many handlers.
  static final class HowMany {
    @Option(
        names = "--concurrency",
        paramLabel = "N",
        description = "Handlers at once, 1 to 100,000.")
    private @Nullable Integer concurrency;

    @Option(names = "--default", description = "As it was started.")
    private boolean standard;

    Concurrency of(Which which) {
      String worker = which.all ? Concurrency.ALL : String.valueOf(which.name);
      try {
        return new Concurrency(worker, Optional.ofNullable(concurrency));
      } catch (IllegalArgumentException e) {
        throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Output.Row row(WorkerBeat beat, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", beat.worker());
    fields.put("host", beat.host());
    fields.put("state", beat.state());
    fields.put("running", beat.running());
    fields.put("slots", beat.slots());
    fields.put("partitions", beat.partitions());
    fields.put("version", beat.version());
    fields.put("handlers", beat.handlers().stream().sorted().map(String::valueOf).toList());
    fields.put("startedAt", beat.startedAt().toString());
    fields.put("saidAt", beat.at().toString());
    return new Output.Row(
        beat.worker(),
        List.of(
            beat.worker(),
            beat.host(),
            beat.state(),
            Integer.toString(beat.running()),
            Integer.toString(beat.slots()),
            Integer.toString(beat.handlers().size()),
            Durations.text(age(beat.startedAt(), now)),
            Durations.text(age(beat.at(), now)) + " ago",
            beat.version().isEmpty() ? "-" : beat.version(),
            Integer.toString(beat.partitions()),
            Long.toString(beat.controlOffset()),
            beat.handlers().stream()
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(", "))),
        fields);
  }

  // Clocks differ a little.
  private static Duration age(Instant at, Instant now) {
    Duration age = Duration.between(at, now).truncatedTo(ChronoUnit.SECONDS);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
