package dev.nightshift.cli.internal;

import dev.nightshift.common.Cause;
import dev.nightshift.common.FleetException;
import dev.nightshift.common.Names;
import dev.nightshift.common.dead.DeadLetterException;
import dev.nightshift.common.dead.DeadLetters;
import dev.nightshift.common.dead.LetterJob;
import dev.nightshift.common.dead.LetterPlan;
import dev.nightshift.common.dead.Pace;
import dev.nightshift.worker.command.ExitCode;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Does what was planned with dead letters, shows how far it is, and says what was done: also when
/// it is interrupted or fails.
final class LetterWork {
  @Option(
      names = "--rate",
      paramLabel = "N/s",
      converter = DeadCommand.Rates.class,
      description = "No faster than this: 50/s, 600/m or 1000/h.")
  private @Nullable Pace rate;

  @Option(names = "--dry-run", description = "Only say which and how many they are.")
  private boolean dryRun;

  boolean dryRun() {
    return dryRun;
  }

  /// @return an [ExitCode]: refused if a letter that was named stays
  int run(DeadLetters dead, LetterPlan plan, Cause cause, Output output) {
    LetterOutcome outcome = new LetterOutcome(plan);
    if (dryRun || plan.count() == 0) {
      outcome.print(output, dryRun);
      return exitCode(outcome);
    }
    try (Interruption interruption = Interruption.begin();
        LetterJob job = dead.begin(plan, cause)) {
      outcome.began(job);
      try {
        run(job, interruption);
      } catch (FleetException | DeadLetterException e) {
        outcome.warnOfThePart();
        throw e;
      }
      outcome.print(output, false);
    }
    return exitCode(outcome);
  }

  private static int exitCode(LetterOutcome outcome) {
    return outcome.namedOnesStay() ? ExitCode.REFUSED : ExitCode.DONE;
  }

  private void run(LetterJob job, Interruption interruption) {
    Optional<Pace> pace = Optional.ofNullable(rate);
    if (System.console() == null || !System.console().isTerminal()) {
      job.run(pace, interruption::requested, handled -> {});
      return;
    }
    try (ProgressBar bar = Bar.of("dead letters", "", job.total())) {
      job.run(pace, interruption::requested, bar::stepTo);
    }
  }

  /// Reads a number from 1 on.
  static long number(String text, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new TypeConversionException(
        Names.quoted(text) + " is not allowed: a number from 1 to " + most);
  }
}
