package dev.nightshift.cli.internal;

import dev.nightshift.common.Fleet;
import dev.nightshift.common.dead.DeadLetters;
import dev.nightshift.common.dead.DeadLetters.Listed;
import dev.nightshift.common.dead.LetterFilter;
import dev.nightshift.common.dead.LetterPlan;
import dev.nightshift.common.dead.Pace;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/// What concerns dead letters: events whose attempts were all lost, and records that are no events.
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Shows dead letters, emits them again, discards them.")
public final class DeadCommand {
  private static final String LIMIT = "At most as many, the newest: 1 to 10000 (default: 100).";

  /// Shows dead letters.
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "Shows dead letters that were neither redriven nor discarded, newest first.",
      footer = {"", "Example: nightshift dead list --canvas shop --reason undecodable --since 2d"})
  int list(
      @Mixin LetterOptions letters,
      @Option(
              names = {LetterOptions.REASON, "--reason"},
              paramLabel = "TEXT",
              description = LetterOptions.REASON_IS)
          @Nullable String deadReason,
      @Option(
              names = {"-a", "--all"},
              description = "Also those that were redriven or discarded.")
          boolean all,
      @Option(
              names = "--limit",
              paramLabel = "N",
              converter = Limits.class,
              defaultValue = "100",
              description = LIMIT)
          int limit,
      @Mixin Output output,
      @Mixin Watch watch,
      @Mixin Connection connection) {
    LetterFilter filter = letters.filter(Optional.ofNullable(deadReason));
    try (Fleet fleet = connection.fleet();
        DeadLetters dead = dead(connection, fleet)) {
      String none =
          filter.equals(LetterFilter.ALL) ? "there are no dead letters" : LetterOptions.NO_SUCH;
      return watch.show(output, () -> print(dead.list(filter, all, limit), none, output));
    }
  }

  private static void print(Listed listed, String none, Output output) {
    Instant now = Instant.now();
    output.print(
        "letters",
        LetterReport.COLUMNS,
        listed.letters().stream().map(found -> LetterReport.row(found, now)).toList());
    if (listed.total() == 0) {
      output.remark(none);
    } else if (listed.total() > listed.letters().size()) {
      output.remark(
          "these are the newest %d of %d; see more with --limit, or narrow it down"
              .formatted(listed.letters().size(), listed.total()));
    }
  }

  /// Shows one dead letter.
  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Shows one dead letter whole: why it died, its attempts, headers and payload.",
      footer = {"", "Example: nightshift dead get 0/17 -o json"})
  int get(
      @Parameters(paramLabel = "ID", description = LetterOptions.ID_IS) String id,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet();
        DeadLetters dead = dead(connection, fleet)) {
      DeadLetters.Found found = dead.get(id);
      LetterContent content = new LetterContent(found);
      output.print(
          content.text(Instant.now()), found.letter().id().toString(), content.allFields());
      return ExitCode.DONE;
    }
  }

  /// Emits dead letters again.
  @Command(
      name = "redrive",
      mixinStandardHelpOptions = true,
      description = {
        "Emits dead letters again, each once, beginning with attempt 1.",
        "They keep their ids, times and payloads. Only one redrive or discard can be at it: one that"
            + " begins later stops the other. What was done stays done when it is stopped; the same"
            + " command goes on with the rest. Letters that die meanwhile are not redriven."
      },
      footer = {
        "",
        "Examples:",
        "  nightshift dead redrive 0/17 --reason 'provider is back'",
        "  nightshift dead redrive --canvas shop --queue mail --rate 50/s --max 1000"
      })
  int redrive(
      @Mixin LetterSelection letters,
      @Mixin LetterWork work,
      @Mixin QueueCommand.Actor actor,
      @Option(names = "--reason", paramLabel = "TEXT", description = "Why.", defaultValue = "")
          String reason,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet();
        DeadLetters dead = dead(connection, fleet)) {
      LetterPlan plan = dead.planRedrive(letters.choice());
      return work.run(dead, plan, actor.cause(reason), output);
    }
  }

  /// Discards dead letters.
  @Command(
      name = "discard",
      mixinStandardHelpOptions = true,
      description = {
        "Marks dead letters as not to be run again.",
        "They stay readable (dead list --all) until Kafka removes them, but cannot be redriven any"
            + " more. Asks before."
      },
      footer = {
        "",
        "Examples:",
        "  nightshift dead discard 0/17 --reason 'test data'",
        "  nightshift dead discard --dead-reason undecodable --until 7d --reason 'old noise' --yes"
      })
  int discard(
      @Mixin LetterSelection letters,
      @Mixin LetterWork work,
      @Mixin QueueCommand.Actor actor,
      @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why.")
          String reason,
      @Option(
              names = {"-y", "--yes"},
              description = "Do not ask.")
          boolean yes,
      @Mixin Output output,
      @Mixin Connection connection) {
    try (Fleet fleet = connection.fleet();
        DeadLetters dead = dead(connection, fleet)) {
      LetterPlan plan = dead.planDiscard(letters.choice());
      if (!yes && !work.dryRun() && plan.count() > 0) {
        String what = LetterReport.letters(plan.count());
        Confirmation.ofTerminal()
            .agreed(
                "discarding " + what,
                what
                    + " of "
                    + plan.byTarget().keySet().stream().limit(5).collect(Collectors.joining(", "))
                    + (plan.byTarget().size() > 5 ? ", …" : "")
                    + " cannot be redriven any more then.");
      }
      return work.run(dead, plan, actor.cause(reason), output);
    }
  }

  private static DeadLetters dead(Connection connection, Fleet fleet) {
    return DeadLetters.of(connection.client(), connection.plan(), Connection.ANSWER_MAX, fleet);
  }

  /// Reads a limit.
  static final class Limits implements ITypeConverter<Integer> {
    private static final int MAX = 10_000;

    @Override
    public Integer convert(String text) {
      return Math.toIntExact(LetterWork.number(text, MAX));
    }
  }

  /// Reads a rate.
  static final class Rates implements ITypeConverter<Pace> {
    @Override
    public Pace convert(String text) {
      try {
        return Pace.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
