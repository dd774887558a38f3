package dev.nightshift.cli.internal;

import dev.nightshift.cli.internal.Output.Row;
import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import dev.nightshift.common.record.AuditRecord;
import dev.nightshift.worker.command.Connection;
import dev.nightshift.worker.command.ExitCode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Shows who changed what.
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = {
      "Shows who changed which flag or canvas, when, from what, to what and why.",
      "An entry is written before the change: if that failed, it is there all the same.",
      "The table shows only what has changed; -o json has what was before, and after, whole."
    },
    footer = {"", "Example: nightshift audit --canvas shop --since 2d"})
public final class AuditCommand implements Callable<Integer> {
  private static final int LIMIT_MAX = 100_000;
  private static final List<String> COLUMNS =
      List.of("AGE", "ACTOR", "ACTION", "TARGET", "BEFORE", "AFTER", "REASON");

  @Option(
      names = "--canvas",
      paramLabel = "NAME",
      converter = CanvasNames.class,
      description = "Only what is about this canvas or one of its queues.")
  private @Nullable String canvas;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      converter = Starts.class,
      description = "Only what was done since then: 2h, or 2026-01-02T03:04:05Z.")
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      converter = Limits.class,
      defaultValue = "100",
      description = "At most as many, the newest: 1 to 100000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private Output output;
  @Mixin private Connection connection;

  @Override
  public Integer call() {
    AuditReader.Filter filter =
        new AuditReader.Filter(Optional.ofNullable(canvas), Optional.ofNullable(since), limit);
    List<AuditRecord> records = AuditReader.read(connection.client(), connection.plan(), filter);
    Instant now = Instant.now();
    output.print("changes", COLUMNS, records.stream().map(record -> row(record, now)).toList());
    if (records.isEmpty()) {
      output.remark(
          canvas == null && since == null
              ? "the audit has no entries"
              : "the audit has no such changes");
    }
    return ExitCode.DONE;
  }

  private static Row row(AuditRecord record, Instant now) {
    AuditDifference changed = AuditDifference.of(record.getBefore(), record.getAfter());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("at", record.getAt().toString());
    fields.put("actor", record.getActor());
    fields.put("action", record.getAction());
    fields.put("target", record.getTarget());
    fields.put("before", record.getBefore());
    fields.put("after", record.getAfter());
    fields.put("reason", record.getReason());
    return new Row(
        record.getTarget(),
        List.of(
            age(Duration.between(record.getAt(), now)),
            record.getActor(),
            record.getAction(),
            record.getTarget(),
            changed.before(),
            changed.after(),
            record.getReason()),
        fields);
  }

  /// In the largest unit of which it has at least two, so that it is at most half a unit wrong.
  static String age(Duration age) {
    if (age.toDays() >= 2) {
      return age.toDays() + "d";
    }
    if (age.toHours() >= 2) {
      return age.toHours() + "h";
    }
    return age.toMinutes() >= 2 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
  }

  /// Reads a canvas's name.
  static final class CanvasNames implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      Names.problemWithCanvas(text)
          .ifPresent(problem -> {
            throw new TypeConversionException(problem);
          });
      return text;
    }
  }

  /// Reads an instant, or how long ago it was.
  static final class Starts implements ITypeConverter<Instant> {
    private static final Instant FIRST = Instant.EPOCH;
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    @Override
    public Instant convert(String text) {
      return read(text, ago -> Instant.now().minus(ago));
    }

    /// Reads an instant of these centuries.
    ///
    /// @param meant what a duration says instead of one
    static Instant read(String text, Function<Duration, Instant> meant) {
      try {
        Instant start = parse(text, meant);
        if (!start.isBefore(FIRST) && start.isBefore(LAST)) {
          return start;
        }
      } catch (IllegalArgumentException e) {
        // said below
      }
      throw new TypeConversionException(
          Names.quoted(text) + " is no time: write 30m, 2h or 2026-01-02T03:04:05Z");
    }

    private static Instant parse(String text, Function<Duration, Instant> meant) {
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        return meant.apply(Durations.parse(text));
      }
    }
  }

  /// Reads a limit.
  static final class Limits implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int limit = Integer.parseInt(text);
        if (limit >= 1 && limit <= LIMIT_MAX) {
          return limit;
        }
      } catch (NumberFormatException e) {
        // said below
      }
      throw new TypeConversionException(
          Names.quoted(text) + " is not allowed: a number from 1 to " + LIMIT_MAX);
    }
  }
}
