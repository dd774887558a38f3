package dev.nightshift.cli.internal;

import dev.nightshift.common.Nearest;
import dev.nightshift.common.cron.CronSchedule;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The options that say when a cron ticks.
final class ScheduleOptions {
  private static final String ELAPSED = "every ";

  /// Times that nothing is wrong with, in any zone.
  private static final String SOME = "@daily";

  @Option(
      names = "--schedule",
      paramLabel = "TIMES",
      converter = LocalTimes.class,
      description = {
        "Local times: minute, hour, day of month, month, day of week, such as '0 3 * * MON-FRI'; or"
            + " @hourly, @daily, @weekly, @monthly, @yearly."
      })
  private @Nullable String schedule;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      converter = Zones.class,
      description = "The time zone of those times, such as Europe/Berlin (default: UTC).")
  private @Nullable String zone;

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      converter = Distances.class,
      description =
          "Elapsed time instead: 90s, 15m, 6h; or minute, hour, '12 hours', day, week, fortnight.")
  private @Nullable String every;

  /// Whether one of them is said.
  boolean said() {
    return schedule != null || zone != null || every != null;
  }

  /// Whether the zone of times is said that stand elsewhere.
  boolean saysOnlyZone() {
    return zone != null && schedule == null && every == null;
  }

  /// The schedule that is meant. What is not said stays as it was.
  ///
  /// @return empty if nothing is said and there was nothing before
  /// @throws IllegalArgumentException if what is said is not allowed
  Optional<CronSchedule> of(Optional<CronSchedule> before) {
    if (schedule != null && every != null) {
      throw new IllegalArgumentException(
          "--schedule and --every exclude each other: local times, or elapsed time");
    }
    if (every != null) {
      return Optional.of(
          parse(ELAPSED + every, Optional.ofNullable(zone).orElse(CronSchedule.UTC)));
    }
    Optional<String> text = Optional.ofNullable(schedule).or(() -> before.map(CronSchedule::text));
    if (text.isEmpty() && zone != null) {
      throw new IllegalArgumentException("--zone needs --schedule: which times are in this zone?");
    }
    return text.map(times ->
        parse(
            times,
            Optional.ofNullable(zone)
                .or(() -> before.map(was -> was.zone().getId()))
                .orElse(CronSchedule.UTC)));
  }

  /// Reads a schedule; of an unknown zone it also says which may be meant.
  ///
  /// @throws IllegalArgumentException if one of them is not allowed
  static CronSchedule parse(String text, String zone) {
    try {
      return CronSchedule.parse(text, zone);
    } catch (IllegalArgumentException e) {
      if (CronSchedule.isZone(zone)) {
        throw e;
      }
      throw new IllegalArgumentException(
          e.getMessage() + nearest(zone).map(near -> "; did you mean " + near + "?").orElse(""));
    }
  }

  /// All that is wrong with what is said of times: a wrong zone hides no wrong schedule, nor the
  /// other way round.
  ///
  /// @param texts schedules, of which there should be one
  static List<String> problems(List<String> texts, String zone) {
    Set<String> problems = new LinkedHashSet<>();
    texts.forEach(text -> problem(text, CronSchedule.UTC).ifPresent(problems::add));
    problem(texts.isEmpty() ? SOME : texts.getLast(), zone).ifPresent(problems::add);
    return List.copyOf(problems);
  }

  private static Optional<String> problem(String text, String zone) {
    try {
      parse(text, zone);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  // A zone is known by its last part: people leave the first one out, or take another for it.
  private static Optional<String> nearest(String zone) {
    String written = lastPart(zone);
    return ZoneId.getAvailableZoneIds().stream()
        .filter(each -> !each.startsWith("SystemV/")) // Nobody means these.
        .filter(each -> Nearest.distance(written, lastPart(each)) <= written.length() / 3)
        .min(
            Comparator.comparingInt((String each) -> Nearest.distance(written, lastPart(each)))
                .thenComparing(each -> Nearest.distance(zone, each))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String lastPart(String zone) {
    return zone.substring(zone.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT).replace(' ', '_');
  }

  // One that is read for itself is said to be wrong beside all others that are.
  private static void check(String text, String inZone) {
    problem(text, inZone)
        .ifPresent(problem -> {
          throw new TypeConversionException(problem);
        });
  }

  /// Reads local times.
  static final class LocalTimes implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      check(text, CronSchedule.UTC);
      return text;
    }
  }

  /// Reads a zone.
  static final class Zones implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      check(SOME, text);
      return text;
    }
  }

  /// Reads elapsed time.
  static final class Distances implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      check(ELAPSED + text, CronSchedule.UTC);
      return text;
    }
  }
}
