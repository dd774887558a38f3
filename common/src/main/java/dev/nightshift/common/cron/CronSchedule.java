package dev.nightshift.common.cron;

import dev.nightshift.common.Durations;
import dev.nightshift.common.Names;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// When a cron ticks: at local times of a zone, or at equal distances of elapsed time. Immutable
/// and pure; two with the same text and zone are equal.
public final class CronSchedule {
  /// The zone unless another is said.
  public static final String UTC = "UTC";

  /// The shortest distance of elapsed time.
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /// The longest distance of elapsed time.
  public static final Duration LONGEST = Duration.ofDays(366);

  private static final String ELAPSED = "every ";
  private static final Map<String, Duration> DISTANCES = distances();

  private final String text;
  private final ZoneId zone;
  private final Ticks ticks;

  private CronSchedule(String text, ZoneId zone, Ticks ticks) {
    this.text = text;
    this.zone = zone;
    this.ticks = ticks;
  }

  private static Map<String, Duration> distances() {
    Map<String, Duration> known = new LinkedHashMap<>();
    known.put("minute", Duration.ofMinutes(1));
    known.put("hour", Duration.ofHours(1));
    known.put("12 hours", Duration.ofHours(12));
    known.put("day", Duration.ofDays(1));
    known.put("week", Duration.ofDays(7));
    known.put("fortnight", Duration.ofDays(14));
    return known;
  }

  /// Reads a schedule.
  ///
  /// @param text five fields, a name such as `@daily`, or `every 90s`
  /// @param zone as IANA names it, or an offset such as `+02:00`; `UTC` for elapsed time
  /// @throws IllegalArgumentException if one is not allowed; the message says what is
  public static CronSchedule parse(String text, String zone) {
    String spaced = text.strip().replaceAll("\\s+", " ");
    String tidy = spaced.startsWith("@") ? spaced.toLowerCase(Locale.ROOT) : spaced;
    ZoneId known = zone(zone);
    if (!tidy.startsWith(ELAPSED)) {
      return new CronSchedule(
          tidy, known, new LocalTicks(CronExpression.parse(tidy), known.getRules()));
    }
    if (!known.normalized().equals(ZoneOffset.UTC)) {
      throw new IllegalArgumentException(
          "zone "
              + Names.quoted(zone)
              + " is not allowed with "
              + Names.quoted(tidy)
              + ", which is elapsed time and the same in all zones: leave it out, or say times such"
              + " as '0 3 * * *'");
    }
    return new CronSchedule(
        tidy, known, new ElapsedTicks(distance(tidy.substring(ELAPSED.length()))));
  }

  /// Whether there is such a zone.
  public static boolean isZone(String text) {
    try {
      ZoneId.of(text);
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone "
              + Names.quoted(text)
              + " is not known: a name such as Europe/Berlin, or UTC (the default)");
    }
  }

  private static Duration distance(String text) {
    Duration known = DISTANCES.get(text);
    if (known != null) {
      return known;
    }
    try {
      Duration distance = Durations.parse(text);
      if (distance.compareTo(SHORTEST) >= 0
          && distance.compareTo(LONGEST) <= 0
          && distance.equals(Duration.ofMillis(distance.toMillis()))) {
        return distance;
      }
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "every "
            + Names.quoted(text)
            + " is not allowed: a whole number with s, m, h or d, such as 90s or 3h, from 1s to "
            + LONGEST.toDays()
            + "d; or "
            + String.join(", ", DISTANCES.keySet()));
  }

  /// As it was written, with single spaces; a name such as `@daily` in small letters.
  public String text() {
    return text;
  }

  /// The zone that its times are in.
  public ZoneId zone() {
    return zone;
  }

  /// Whether it counts elapsed time, the same in all zones.
  public boolean isElapsed() {
    return ticks instanceof ElapsedTicks;
  }

  /// The first tick after an instant; empty if none comes any more.
  public Optional<Instant> after(Instant instant) {
    return ticks.after(instant);
  }

  /// The last tick after one instant and up to another; empty if there is none between them. It
  /// does not take longer for instants that lie far apart.
  public Optional<Instant> latest(Instant after, Instant to) {
    return to.isAfter(after) ? ticks.latest(after, to) : Optional.empty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronSchedule that && text.equals(that.text) && zone.equals(that.zone);
  }

  @Override
  public int hashCode() {
    return 31 * text.hashCode() + zone.hashCode();
  }

  /// As a sentence's part: `0 3 * * * (Europe/Berlin)`, `every 90s`.
  @Override
  public String toString() {
    return isElapsed() ? text : text + " (" + zone + ")";
  }
}
