package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.Names;
import dev.nightshift.common.cron.Cron;
import dev.nightshift.common.cron.CronName;
import dev.nightshift.common.cron.CronPause;
import dev.nightshift.common.cron.CronSchedule;
import dev.nightshift.common.cron.Crons;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Shows the next ticks of a cron, or of a schedule that somebody thinks of.
@Command(
    name = "next",
    mixinStandardHelpOptions = true,
    description = {
      "Shows when a cron ticks next.",
      "Also tries a schedule that is no cron yet (--schedule, --every); no cluster is asked then."
    },
    footer = {
      "",
      "Examples:",
      "  nightshift cron next shop/nightly-report -n 10",
      "  nightshift cron next --schedule '30 2 * * *' --zone Europe/Berlin --from 2026-03-27T00:00:00Z"
    })
final class CronNextCommand implements Callable<Integer> {
  private static final List<String> COLUMNS = List.of("TICK", "LOCAL", "IN");

  @Parameters(
      paramLabel = CronCommand.WHICH,
      arity = "0..1",
      description = "The cron.",
      converter = CronWords.CronNames.class)
  private @Nullable CronName name;

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      converter = Counts.class,
      defaultValue = "5",
      description = "How many: 1 to 1000 (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--from",
      paramLabel = "WHEN",
      converter = Froms.class,
      description =
          "Those after then: 2h (from now on), or 2026-03-27T00:00:00Z, which may have passed"
              + " (default: now).")
  private @Nullable Instant from;

  @Mixin private ScheduleOptions times;
  @Mixin private Output output;
  @Mixin private Connection connection;
  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    CronName cron = name;
    if ((cron == null) != times.said()) {
      throw Commands.wrong(
          command,
          List.of(
              cron == null
                  ? "which cron? Name one, CANVAS/NAME, or try a schedule with --schedule or --every"
                  : "a cron's own schedule is shown: --schedule, --zone and --every are for one that"
                      + " is no cron yet"));
    }
    return cron == null ? print(tried()) : ofCron(cron);
  }

  private int ofCron(CronName cron) {
    try (Fleet fleet = connection.fleet();
        Crons crons = CronCommand.open(fleet, connection)) {
      Cron found = crons.cron(cron);
      print(found.settings().schedule());
      found
          .pause()
          .map(CronPause::text)
          .ifPresent(paused ->
              output.remark("it is " + paused + ": none of these is emitted before it is resumed"));
      return ExitCode.DONE;
    }
  }

  private CronSchedule tried() {
    try {
      return times.of(Optional.empty()).orElseThrow();
    } catch (IllegalArgumentException e) {
      throw Commands.wrong(command, List.of(String.valueOf(e.getMessage())));
    }
  }

  private int print(CronSchedule schedule) {
    Instant now = Instant.now();
    List<Output.Row> rows = new ArrayList<>();
    Optional<Instant> next = schedule.after(Optional.ofNullable(from).orElse(now));
    while (next.isPresent() && rows.size() < count) {
      rows.add(row(schedule, next.get(), now));
      next = schedule.after(next.get());
    }
    output.print("ticks", COLUMNS, rows);
    return ExitCode.DONE;
  }

  private static Output.Row row(CronSchedule schedule, Instant tick, Instant now) {
    String local = DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(tick.atZone(schedule.zone()));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("tick", tick.toString());
    fields.put("local", local);
    return new Output.Row(
        tick.toString(),
        List.of(tick.toString(), local, tick.isBefore(now) ? "-" : CronReport.in(now, tick)),
        fields);
  }

  /// Reads an instant, or how long it takes until it.
  static final class Froms implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String text) {
      return AuditCommand.Starts.read(text, ahead -> Instant.now().plus(ahead));
    }
  }

  /// Reads how many.
  static final class Counts implements ITypeConverter<Integer> {
    private static final int MAX = 1_000;

    @Override
    public Integer convert(String text) {
      if (text.matches("[0-9]{1,6}")) {
        int count = Integer.parseInt(text);
        if (count >= 1 && count <= MAX) {
          return count;
        }
      }
      throw new TypeConversionException(
          Names.quoted(text) + " is not allowed: a number from 1 to " + MAX);
    }
  }
}
