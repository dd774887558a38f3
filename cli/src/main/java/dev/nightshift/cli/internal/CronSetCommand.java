package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronChange;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPause;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Sets a cron.
@Command(
    name = "set",
    mixinStandardHelpOptions = true,
    description = {
      "Sets a cron: makes it, or changes what is named of one that there is.",
      "It emits nothing for times before it was set or changed. One that is paused stays so.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  nightshift cron set shop/nightly-report --queue report --schedule '0 3 * * MON-FRI' \\",
      "      --zone Europe/Berlin --payload '{\"kind\":\"full\"}'",
      "  nightshift cron set shop/heartbeat --queue ping --every 90s --missed skip"
    })
final class CronSetCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = CronCommand.WHICH,
      description = "The cron; its events go into a queue of the same canvas.",
      converter = CronWords.CronNames.class)
  private @Nullable CronName name;

  @Option(
      names = "--queue",
      paramLabel = "QUEUE",
      converter = LetterOptions.QueueNames.class,
      description = "The queue that its events go into.")
  private @Nullable String queue;

  @Mixin private ScheduleOptions times;

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      converter = CronWords.Payloads.class,
      description = "What each event carries (default: {}).")
  private @Nullable CronPayload payload;

  @Option(
      names = "--missed",
      paramLabel = "WHICH",
      converter = CronWords.MissedWords.class,
      description =
          "Which of the ticks are emitted that no scheduler was there for: skip (none), once (the"
              + " last) or all (default: once).")
  private @Nullable Missed missed;

  @Option(
      names = "--overlap",
      paramLabel = "HOW",
      converter = CronWords.OverlapWords.class,
      description =
          "Whether a tick is emitted while the event of the one before has not ended: allow or skip"
              + " (default: allow).")
  private @Nullable Overlap overlap;

  @Option(names = "--dry-run", description = "Only say what would be set.")
  private boolean dryRun;

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
  private String reason = "";

  @Mixin private QueueCommand.Actor actor;
  @Mixin private Output output;
  @Mixin private Connection connection;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    CronName cron = Objects.requireNonNull(name);
    checkTimes();
    try (Fleet fleet = connection.fleet();
        Crons crons = CronCommand.open(fleet, connection)) {
      Optional<Cron> before = find(crons, cron);
      CronSettings settings = settings(before.map(Cron::settings));
      if (dryRun) {
        print(cron, would(cron, before, settings));
        return ExitCode.DONE;
      }
      HandlerNotice notice =
          output.quiet()
              ? HandlerNotice.none()
              : HandlerNotice.of(new QueueName(cron.canvas(), settings.queue()), connection);
      CronChange change = crons.set(cron, settings, actor.cause(reason));
      print(cron, change);
      change
          .after()
          .flatMap(Cron::pause)
          .map(CronPause::text)
          .ifPresent(paused ->
              output.remark(
                  "it is " + paused + "; resume it with: nightshift cron resume " + cron));
      notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
      return ExitCode.DONE;
    }
  }

  private CronChange would(CronName cron, Optional<Cron> before, CronSettings settings) {
    if (before.map(Cron::settings).filter(settings::equals).isPresent()) {
      return new CronChange(false, before, before);
    }
    Instant now = Instant.now();
    return new CronChange(
        true,
        before,
        Optional.of(new Cron(cron, 1, settings, before.flatMap(Cron::pause), now, "", now)));
  }

  private void print(CronName cron, CronChange change) {
    String how =
        change.changed()
            ? dryRun ? " would be set: " : " is set: "
            : " was set already" + (dryRun ? ", nothing would change: " : ": ");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("dryRun", dryRun);
    fields.putAll(CronCommand.fields(cron, change, change.changed() && !dryRun));
    output.print(
        "cron "
            + cron
            + how
            + change.after().orElseThrow().settings().text()
            + change
                .before()
                .filter(was -> change.changed())
                .map(was -> " (before: " + was.settings().text() + ")")
                .orElse("")
            + CronCommand.nextText(change),
        cron.toString(),
        fields);
  }

  // Whether they go together can be known before anything is asked.
  private void checkTimes() {
    try {
      if (times.said() && !times.saysOnlyZone()) {
        times.of(Optional.empty());
      }
    } catch (IllegalArgumentException e) {
      throw Commands.wrong(command, List.of(String.valueOf(e.getMessage())));
    }
  }

  private Optional<Cron> find(Crons crons, CronName cron) {
    try {
      return crons.find(cron);
    } catch (FleetException.UnknownCanvas e) {
      List<String> problems = problems(Optional.empty());
      if (problems.isEmpty()) {
        throw e;
      }
      problems.addFirst(String.valueOf(e.getMessage()));
      throw new CommandException(
          ExitCode.NOT_FOUND, problems.size() + " problems:\n- " + String.join("\n- ", problems));
    }
  }

  // What is lacking, or does not go with what there is.
  private List<String> problems(Optional<CronSettings> before) {
    List<String> problems = new ArrayList<>();
    if (queue == null && before.isEmpty()) {
      problems.add("into which queue? A new cron needs --queue");
    }
    try {
      if (times.of(before.map(CronSettings::schedule)).isEmpty()) {
        problems.add("when? A new cron needs --schedule or --every");
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return problems;
  }

  private CronSettings settings(Optional<CronSettings> before) {
    List<String> problems = problems(before);
    if (!problems.isEmpty()) {
      throw Commands.wrong(command, problems);
    }
    return new CronSettings(
        Optional.ofNullable(queue).or(() -> before.map(CronSettings::queue)).orElseThrow(),
        times.of(before.map(CronSettings::schedule)).orElseThrow(),
        Optional.ofNullable(payload)
            .or(() -> before.map(CronSettings::payload))
            .orElse(CronPayload.NONE),
        Optional.ofNullable(missed).or(() -> before.map(CronSettings::missed)).orElse(Missed.ONCE),
        Optional.ofNullable(overlap)
            .or(() -> before.map(CronSettings::overlap))
            .orElse(Overlap.ALLOW));
  }
}
