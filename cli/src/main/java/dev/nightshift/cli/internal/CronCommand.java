package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.QueueName;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronChange;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.common.cron.CronsView;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What concerns crons.
@Command(
    name = "cron",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows, sets, pauses and triggers crons, which emit events at set times.",
    subcommands = {
      CronSetCommand.class,
      CronApplyCommand.class,
      CronNextCommand.class,
      CronTriggerCommand.class
    })
public final class CronCommand {
  static final String WHICH = "CANVAS/NAME";

  /// Shows crons.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows the crons, by name: when they tick next, and when they last did.",
      footer = {"", "Example: nightshift cron list shop -o wide"})
  int list(
      @Parameters(
              paramLabel = "CANVAS",
              arity = "0..1",
              defaultValue = "*",
              converter = CronWords.Canvases.class,
              description = "Only those of this canvas; '*' for all.")
          CronWords.Which which,
      @Mixin Output output,
      @Mixin Watch watch,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet();
        Crons crons = open(fleet, connection)) {
      which.canvas().ifPresent(fleet::existing);
      return watch.show(output, () -> list(crons, which, output));
    }
  }

  private static void list(Crons crons, CronWords.Which which, Output output) {
    Instant now = Instant.now();
    List<Cron> shown = crons.all().stream().filter(cron -> which.covers(cron.name())).toList();
    CronsView view = crons.view();
    output.print(
        "crons",
        CronReport.COLUMNS,
        shown.stream().map(cron -> new CronReport(cron, view.state(cron.key())).row(now)).toList());
    crons.problem().ifPresent(output::remark);
    if (shown.isEmpty()) {
      output.remark(
          "there are no crons"
              + which.canvas().map(name -> " of canvas " + name).orElse("")
              + "; set one with: nightshift cron set CANVAS/NAME --queue QUEUE --schedule TIMES");
    }
  }

  /// Shows one cron.
  @Command(
      name = "describe",
      mixinStandardHelpOptions = true,
      description =
          "Shows one cron: its times, its payload, and which tick was skipped last and why.",
      footer = {"", "Example: nightshift cron describe shop/nightly-report"})
  int describe(
      @Parameters(
              paramLabel = WHICH,
              description = "The cron.",
              converter = CronWords.CronNames.class)
          CronName name,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet();
        Crons crons = open(fleet, connection)) {
      Cron cron = crons.cron(name);
      QueueName queue = new QueueName(name.canvas(), cron.settings().queue());
      HandlerNotice notice =
          output.quiet() ? HandlerNotice.none() : HandlerNotice.of(queue, connection);
      CronReport report = new CronReport(cron, crons.view().state(cron.key()));
      Instant now = Instant.now();
      output.print(report.text(now), name.toString(), Map.of("cron", report.fields(now)));
      notice.tell(HandlerNotice.CHANGE_WAIT, output::remark);
      return ExitCode.DONE;
    }
  }

  /// Pauses a cron.
  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = {
        "Pauses a cron: it emits nothing until it is resumed.",
        "Ticks of the time in between are not made up for. Events that were emitted stay in their"
            + " queue; that is paused with: nightshift queue pause."
      },
      footer = {"", "Example: nightshift cron pause shop/nightly-report --reason 'month-end'"})
  int pause(
      @Parameters(
              paramLabel = WHICH,
              description = "The cron.",
              converter = CronWords.CronNames.class)
          CronName name,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Output output,
      @Mixin Connection connection) {
    return change(
        connection,
        (fleet, crons) -> {
          CronChange change = crons.pause(name, actor.cause(reason));
          String how = change.changed() ? " is " : " was already ";
          print(
              output,
              name,
              change,
              "cron " + name + how + change.after().orElseThrow().pause().orElseThrow().text());
          return ExitCode.DONE;
        });
  }

  /// Resumes a cron.
  @Command(
      name = "resume",
      aliases = "unpause",
      mixinStandardHelpOptions = true,
      description = "Resumes a cron that is paused. It emits nothing for the time before.",
      footer = {"", "Example: nightshift cron resume shop/nightly-report"})
  int resume(
      @Parameters(
              paramLabel = WHICH,
              description = "The cron.",
              converter = CronWords.CronNames.class)
          CronName name,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Output output,
      @Mixin Connection connection) {
    return change(
        connection,
        (fleet, crons) -> {
          CronChange change = crons.resume(name, actor.cause(reason));
          print(
              output,
              name,
              change,
              "cron "
                  + name
                  + (change.changed() ? " is not paused any more" : " was not paused")
                  + nextText(change));
          return ExitCode.DONE;
        });
  }

  /// Deletes a cron.
  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Deletes a cron; what it has emitted stays. Asks before.",
      footer = {"", "Example: nightshift cron delete shop/nightly-report --reason 'not needed'"})
  int delete(
      @Parameters(
              paramLabel = WHICH,
              description = "The cron.",
              converter = CronWords.CronNames.class)
          CronName name,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin QueueCommand.Actor actor,
      @Mixin Output output,
      @Mixin Connection connection) {
    return change(
        connection,
        (fleet, crons) -> {
          Cron cron = crons.cron(name);
          if (!yes) {
            Confirmation.ofTerminal()
                .agreed(
                    "deleting cron " + name,
                    "Cron "
                        + name
                        + " ("
                        + cron.settings().text()
                        + ") emits nothing any more then.");
          }
          print(
              output,
              name,
              crons.delete(name, actor.cause(reason)),
              "cron " + name + " is deleted");
          return ExitCode.DONE;
        });
  }

  /// Where the next event of a cron is said, after a change of it.
  static String nextText(CronChange change) {
    Cron cron = change.after().orElseThrow();
    return cron.pause().isPresent()
        ? ""
        : cron.settings()
            .schedule()
            .after(Instant.now())
            .map(tick -> "; it ticks next at " + tick)
            .orElse("");
  }

  private static void print(Output output, CronName name, CronChange change, String text) {
    output.print(text, name.toString(), fields(name, change, change.changed()));
  }

  /// What came of a change, for programs.
  static Map<String, Object> fields(CronName name, CronChange change, boolean changed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name.toString());
    fields.put("changed", changed);
    change
        .after()
        .ifPresent(cron -> {
          fields.put("paused", cron.pause().isPresent());
          fields.putAll(CronReport.fields(cron.settings()));
        });
    return fields;
  }

  static Crons open(Fleet fleet, Connection connection) {
    return Crons.of(connection.client(), connection.plan(), Connection.ANSWER_MAX, fleet);
  }

  private static int change(Connection connection, BiFunction<Fleet, Crons, Integer> change) {
    try (Fleet fleet = connection.fleet();
        Crons crons = open(fleet, connection)) {
      return change.apply(fleet, crons);
    }
  }
}
