package dev.nightshift.worker;

import dev.nightshift.common.Durations;
import dev.nightshift.common.TopicPlan;
import dev.nightshift.common.TraceLevel;
import dev.nightshift.worker.command.Commands;
import dev.nightshift.worker.command.Defaults;
import dev.nightshift.worker.command.NamedPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The options that say how workers work, for one worker or many of them.
public final class WorkerOptions {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = "--handlers",
      required = true,
      paramLabel = "DIR",
      description = "The folder with the handler JARs.")
  private Path handlers = Path.of("handlers");

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Handlers at once (default: ${DEFAULT-VALUE}).")
  private int concurrency = WorkerSettings.SLOTS_DEFAULT;

  @Option(
      names = "--grace",
      paramLabel = "DURATION",
      converter = Seconds.class,
      description =
          "How long a drain may take, such as 25s; a bare number is seconds (default: 25s).")
  private Duration grace = WorkerSettings.GRACE_DEFAULT;

  @Option(
      names = "--retry-delays",
      split = ",",
      paramLabel = "DURATION",
      converter = Millis.class,
      description =
          "The wait after each lost attempt, such as 0s,10s,1m; a bare number is milliseconds"
              + " (default: 0s,10s,1m,5m).")
  private List<Duration> retryDelays = WorkerSettings.RETRY_DELAYS;

  @Option(
      names = "--traces",
      paramLabel = "LEVEL",
      converter = Levels.class,
      description =
          "Which attempts leave a trace: on for each, errors for those that did not complete, off for"
              + " none; one whose handler emitted always does (default: ${DEFAULT-VALUE}).")
  private TraceLevel traces = TraceLevel.ON;

  @Option(
      names = Defaults.FILE_OPTION,
      paramLabel = "FILE",
      description =
          "A properties file with any of these settings (retry-delays=0s,10s), and with Kafka's as"
              + " kafka.NAME.")
  @SuppressWarnings("UnusedVariable") // Defaults look at it, before picocli does.
  private @Nullable Path config;

  @Option(names = "--allow-empty", description = "Run even without any handler.")
  private boolean allowEmpty;

  /// How long a drain may take.
  public Duration grace() {
    return grace;
  }

  /// The settings of a worker.
  ///
  /// @param client settings for all Kafka clients
  /// @param found what is wrong with the rest of the call
  /// @throws picocli.CommandLine.ParameterException with everything that is wrong, also with these
  public WorkerSettings settings(
      Map<String, Object> client, TopicPlan plan, String name, List<String> found) {
    List<String> problems = new ArrayList<>(found);
    NamedPath.problemWithHandlers(handlers).ifPresent(problems::add);
    try {
      WorkerSettings settings =
          new WorkerSettings(
              client,
              plan,
              name,
              handlers,
              allowEmpty,
              concurrency,
              grace,
              retryDelays,
              OptionalInt.empty(),
              traces);
      if (problems.isEmpty()) {
        return settings;
      }
    } catch (WorkerException.WrongSettings e) {
      problems.addAll(e.problems());
    }
    throw Commands.wrong(Objects.requireNonNull(command, "not part of a command"), problems);
  }

  /// Reads a duration; a bare number is seconds.
  static final class Seconds implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return duration(text, "s");
    }
  }

  /// Reads a duration; a bare number is milliseconds.
  static final class Millis implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return duration(text, "ms");
    }
  }

  private static Duration duration(String text, String unitOfBareNumber) {
    String trimmed = text.strip();
    try {
      return Durations.parse(trimmed.matches("[0-9]+") ? trimmed + unitOfBareNumber : text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }

  /// Reads which attempts leave a trace.
  static final class Levels implements ITypeConverter<TraceLevel> {
    @Override
    public TraceLevel convert(String text) {
      try {
        return TraceLevel.named(text.strip());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
