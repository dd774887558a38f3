package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.FollowedLog;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersLog;
import dev.nightshift.common.WorkersView;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// What concerns workers.
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows the workers of the fleet.")
public final class WorkersCommand {
  private static final List<String> COLUMNS =
      List.of("NAME", "HOST", "STATE", "RUNNING", "SLOTS", "HANDLERS", "UP", "SAID");

  /// Shows the live workers.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Shows the live workers: what they do, and when they last said so.",
        "One that was killed is shown for a few seconds more."
      },
      footer = {"", "Example: nightshift workers list -o json"})
  int list(@Mixin Output output, @Mixin Connection connection) {
    try (FollowedLog<WorkersView> log =
        WorkersLog.start(connection.client(), connection.plan(), Connection.ANSWER_MAX)) {
      Instant now = Instant.now();
      // Where all are gone, none says that time has passed.
      List<WorkerBeat> live =
          log.view().live().stream()
              .filter(
                  each -> age(each.at(), now).compareTo(WorkersView.SILENT_MAX.multipliedBy(2)) < 0)
              .toList();
      output.print("workers", COLUMNS, live.stream().map(each -> row(each, now)).toList());
      if (live.isEmpty()) {
        System.err.println("nightshift: no worker lives; start one with: nightshift worker");
      }
      return ExitCode.DONE;
    }
  }

  private static Output.Row row(WorkerBeat beat, Instant now) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", beat.worker());
    fields.put("host", beat.host());
    fields.put("state", beat.state());
    fields.put("running", beat.running());
    fields.put("slots", beat.slots());
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
            Durations.text(age(beat.at(), now)) + " ago"),
        fields);
  }

  // Clocks differ a little.
  private static Duration age(Instant at, Instant now) {
    Duration age = Duration.between(at, now).truncatedTo(ChronoUnit.SECONDS);
    return age.isNegative() ? Duration.ZERO : age;
  }
}
