package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import dev.nightshift.common.Rfc3339;
import dev.nightshift.emitter.Due;
import dev.nightshift.worker.command.CommandException;
import dev.nightshift.worker.command.DurationConverter;
import dev.nightshift.worker.command.ExitCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that say when an event is to be emitted, if not at once.
final class DueOptions {
  @Option(
      names = "--in",
      paramLabel = "DURATION",
      converter = Delays.class,
      description =
          "Emits it so much later: 10m, 2h or 7d, at most 366d; each line from when it is read."
              + " Until then it waits in Kafka for a scheduler, and can be cancelled.")
  private Due.@Nullable After delay;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = Times.class,
      description =
          "Emits it at this time, such as 2026-01-02T03:04:05Z, at most 366 days ahead; at once if"
              + " it has passed.")
  private Due.@Nullable At time;

  /// When it is due; empty for at once.
  ///
  /// @throws CommandException if both are said
  Optional<Due> due() {
    if (delay != null && time != null) {
      throw new CommandException(
          ExitCode.USAGE,
          "--in "
              + Durations.text(delay.delay())
              + " and --at "
              + time.instant()
              + " both say when: leave one out. Nothing was emitted");
    }
    return Optional.<Due>ofNullable(delay).or(() -> Optional.ofNullable(time));
  }

  /// Reads a delay.
  static final class Delays implements ITypeConverter<Due.After> {
    @Override
    public Due.After convert(String text) {
      return new Due.After(DurationConverter.within(text, Duration.ZERO, Due.AHEAD_MAX));
    }
  }

  /// Reads a time.
  static final class Times implements ITypeConverter<Due.At> {
    @Override
    public Due.At convert(String text) {
      try {
        Due.At due = new Due.At(Rfc3339.parse(text));
        due.problem(Instant.now())
            .ifPresent(problem -> {
              throw new TypeConversionException(problem);
            });
        return due;
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            Names.quoted(text)
                + " is no time: write 2026-01-02T03:04:05Z or 2026-01-02T03:04:05+01:00, or how long"
                + " from now with --in 10m");
      }
    }
  }
}
