package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronChange;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPause;
import dev.nightshift.common.cron.CronPayload;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.CronSettings;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.Missed;
import dev.nightshift.common.cron.Overlap;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
      description = "The queue that its events go into.")
  private @Nullable String queue;

  @Mixin private ScheduleOptions times;

  @Option(
      names = "--payload",
      paramLabel = "JSON",
      converter = EventEmitCommand.JsonTexts.class,
      description = "What each event carries (default: {}).")
  private @Nullable String payload;

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
    List<String> problems = problems();
    if (!problems.isEmpty()) {
      throw Commands.wrong(command, problems);
    }
    try (Fleet fleet = connection.fleet();
        Crons crons = CronCommand.open(fleet, connection)) {
      Optional<Cron> before = crons.find(cron);
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
    String how = dryRun ? " would be set: " : change.changed() ? " is set: " : " was set already: ";
    CronCommand.print(
        output,
        cron,
        change,
        "cron "
            + cron
            + how
            + change.after().orElseThrow().settings().text()
            + change
                .before()
                .filter(was -> change.changed())
                .map(was -> " (before: " + was.settings().text() + ")")
                .orElse("")
            + CronCommand.nextText(change));
  }

  // What can be known to be wrong before anything is asked.
  private List<String> problems() {
    List<String> problems = new ArrayList<>();
    Optional.ofNullable(queue).flatMap(Names::problemWithQueue).ifPresent(problems::add);
    try {
      if (times.said() && !times.saysOnlyZone()) {
        times.of(Optional.empty());
      }
      Optional.ofNullable(payload).ifPresent(CronPayload::ofJson);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return problems;
  }

  private CronSettings settings(Optional<CronSettings> before) {
    List<String> problems = new ArrayList<>();
    Optional<String> into = Optional.ofNullable(queue).or(() -> before.map(CronSettings::queue));
    if (into.isEmpty()) {
      problems.add("into which queue? A new cron needs --queue");
    }
    Optional<CronSchedule> when = Optional.empty();
    try {
      when = times.of(before.map(CronSettings::schedule));
      if (when.isEmpty()) {
        problems.add("when? A new cron needs --schedule or --every");
      }
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!problems.isEmpty()) {
      throw Commands.wrong(command, problems);
    }
    return new CronSettings(
        into.orElseThrow(),
        when.orElseThrow(),
        Optional.ofNullable(payload)
            .map(CronPayload::ofJson)
            .or(() -> before.map(CronSettings::payload))
            .orElse(CronPayload.NONE),
        Optional.ofNullable(missed).or(() -> before.map(CronSettings::missed)).orElse(Missed.ONCE),
        Optional.ofNullable(overlap)
            .or(() -> before.map(CronSettings::overlap))
            .orElse(Overlap.ALLOW));
  }
}
