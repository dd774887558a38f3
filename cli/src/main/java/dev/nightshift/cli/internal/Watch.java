package dev.nightshift.cli.internal;

import dev.nightshift.common.Durations;
import dev.nightshift.worker.command.ExitCode;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Stack;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Shows something again and again, if that is asked for: on a terminal each time in place of the
/// last, else one after another. It ends with Ctrl-C, when nobody reads any more, or when it fails.
final class Watch {
  private static final String EVERY_USUAL = "2s";

  @Option(
      names = {"-w", "--watch"},
      arity = "0..1",
      fallbackValue = EVERY_USUAL,
      paramLabel = "EVERY",
      converter = Intervals.class,
      preprocessor = OnlyAttached.class,
      description = "Show it again every 2s, or as often as said (--watch=10s), until Ctrl-C.")
  private @Nullable Duration every;

  /// @param command prints with `output`
  /// @return an [ExitCode]
  int show(Output output, Runnable command) {
    Duration pause = every;
    if (pause == null) {
      command.run();
      return ExitCode.DONE;
    }
    return Screen.isThere() ? redraw(output, command, pause) : append(output, command, pause);
  }

  private static int append(Output output, Runnable command, Duration pause) {
    for (String between = ""; ; between = output.separator()) {
      System.out.print(between + output.frame(false, command));
      if (System.out.checkError()) {
        return ExitCode.DONE;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  private static int redraw(Output output, Runnable command, Duration pause) {
    try (Screen screen = Screen.open()) {
      while (!System.out.checkError()) {
        String frame = output.frame(true, command);
        LocalTime now = LocalTime.now().truncatedTo(ChronoUnit.SECONDS);
        screen.draw(
            "Every %s, now %tT; Ctrl-C ends it.%n%n%s"
                .formatted(Durations.text(pause), now, frame));
        LockSupport.parkNanos(pause.toNanos());
      }
    }
    return ExitCode.DONE;
  }

  /// Reads how often.
  static final class Intervals implements ITypeConverter<Duration> {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    @Override
    public Duration convert(String text) {
      try {
        Duration interval = Durations.parse(text);
        if (interval.compareTo(SHORTEST) >= 0) {
          return interval;
        }
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
      throw new TypeConversionException(
          text + " is not allowed: " + Durations.text(SHORTEST) + " or longer");
    }
  }

  /// What follows `--watch` without `=` is the command's own argument.
  static final class OnlyAttached implements IParameterPreprocessor {
    @Override
    public boolean preprocess(
        Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
      if (" ".equals(info.get("separator"))) {
        arguments.push(EVERY_USUAL);
      }
      return false;
    }
  }
}
