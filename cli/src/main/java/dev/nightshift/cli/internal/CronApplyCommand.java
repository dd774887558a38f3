package dev.nightshift.cli.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.nightshift.common.Cause;
import dev.nightshift.common.ControlView;
import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import dev.nightshift.worker.command.NamedPath;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Makes the crons of canvases be as a file says.
@Command(
    name = "apply",
    mixinStandardHelpOptions = true,
    description = {
      "Makes the crons of the canvases that a file names be as the file says.",
      "It shows the difference and asks before it changes anything. Crons of these canvases that the"
          + " file does not name are deleted; other canvases are left alone, and who is paused stays"
          + " so. If one entry is wrong nothing is changed, and all that is wrong is said.",
      "",
      "The file:",
      "  canvases:",
      "    shop:",
      "      nightly-report:",
      "        queue: report",
      "        schedule: 0 3 * * MON-FRI   # or every: 90s",
      "        zone: Europe/Berlin         # default: UTC",
      "        payload: {kind: full}       # any value, emitted as JSON; default: {}",
      "        missed: once                # skip, once or all; default: once",
      "        overlap: skip               # allow or skip; default: allow",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nightshift cron apply -f crons.yaml --dry-run",
      "  nightshift cron apply -f crons.yaml --yes --reason 'release 12'"
    })
final class CronApplyCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--file"},
      required = true,
      paramLabel = "FILE",
      description = "The file, in YAML or JSON.")
  private Path path = Path.of("");

  @Option(names = "--dry-run", description = "Only show the difference.")
  private boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  private boolean yes;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    Cause cause = actor.cause(reason);
    CronFile file = CronFile.parse(read());
    refuse(file.problems(), ExitCode.USAGE);
    try (Fleet fleet = connection.fleet();
        Crons crons = CronCommand.open(fleet, connection)) {
      refuse(unknownCanvases(file, fleet), ExitCode.NOT_FOUND);
      CronDifference difference = CronDifference.of(file, crons.all());
      HandlerNotice notice = notice(difference);
      if (output.isForPeople()) {
        print(difference);
      }
      notice.tell(dryRun ? HandlerNotice.DRY_RUN_WAIT : HandlerNotice.CHANGE_WAIT, output::remark);
      if (!dryRun && !difference.changes().isEmpty()) {
        if (!yes) {
          Confirmation.ofTerminal()
              .agreed(
                  "applying " + Names.quoted(path.toString()),
                  "These are crons: " + difference.counts() + ".");
        }
        difference.changes().forEach(change -> make(change, crons, cause));
        output.remark("crons: " + difference.counts());
      }
      if (!output.isForPeople()) {
        print(difference);
      }
      return ExitCode.DONE;
    }
  }

  private HandlerNotice notice(CronDifference difference) {
    Set<QueueName> queues = new HashSet<>();
    for (CronDifference.Change change : difference.changes()) {
      change
          .after()
          .ifPresent(after -> queues.add(new QueueName(change.name().canvas(), after.queue())));
    }
    return output.quiet() || queues.isEmpty()
        ? HandlerNotice.none()
        : HandlerNotice.of(queues, connection);
  }

  private String read() {
    NamedPath.problemWithFile(path, "")
        .ifPresent(problem -> {
          throw new CommandException(ExitCode.USAGE, problem + ". Nothing was changed");
        });
    try {
      return Files.readString(path, UTF_8);
    } catch (CharacterCodingException e) {
      throw wrong("is no text in UTF-8");
    } catch (IOException e) {
      throw wrong("cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private CommandException wrong(String why) {
    return new CommandException(
        ExitCode.USAGE,
        "file " + Names.quoted(path.toString()) + " " + why + ". Nothing was changed");
  }

  private void refuse(List<String> problems, int exitCode) {
    if (!problems.isEmpty()) {
      throw new CommandException(
          exitCode,
          "file "
              + Names.quoted(path.toString())
              + (problems.size() == 1 ? " is wrong" : " has " + problems.size() + " problems")
              + ". Nothing was changed:\n- "
              + String.join("\n- ", problems));
    }
  }

  private static List<String> unknownCanvases(CronFile file, Fleet fleet) {
    ControlView view = fleet.view();
    return file.canvases().stream()
        .filter(name -> view.canvas(name).filter(canvas -> !canvas.deleted()).isEmpty())
        .map(name -> String.valueOf(Fleet.unknown(view, name).getMessage()))
        .toList();
  }

  private static void make(CronDifference.Change change, Crons crons, Cause cause) {
    change
        .after()
        .ifPresentOrElse(
            settings -> crons.set(change.name(), settings, cause),
            () -> crons.delete(change.name(), cause));
  }

  private void print(CronDifference difference) {
    String text =
        difference.changes().isEmpty()
            ? "nothing to change: " + difference.unchanged() + " crons are as the file says"
            : difference.changes().stream()
                .map(CronDifference.Change::text)
                .collect(Collectors.joining("\n"));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dryRun", dryRun);
    fields.put("changed", !dryRun && !difference.changes().isEmpty());
    fields.put("crons", difference.changes().stream().map(CronDifference.Change::fields).toList());
    fields.put("unchanged", difference.unchanged());
    output.print(
        text,
        difference.changes().stream()
            .map(change -> change.name().toString())
            .collect(Collectors.joining("\n")),
        fields);
  }
}
