package dev.nightshift.common;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Durations as people write them: `500ms`, `30s`, `5m`, `2h`, `7d`, or ISO 8601 (`PT30S`). Pure;
/// safe for use by many threads.
public final class Durations {
  /// The longest that is accepted: added to any instant of these centuries it stays an instant.
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private static final String FORMS =
      "a whole number with ms, s, m, h or d, such as 30s, or ISO 8601, such as PT30S; ";

  /// As many days and more are said in days: below, hours are more usual.
  private static final int DAYS_MIN = 2;

  private static final int NANOS_OF_MILLI = 1_000_000;

  private Durations() {}

  /// Reads a duration: zero or longer, at most [#LONGEST].
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is allowed
  public static Duration parse(String text) {
    return parse(text, Duration.ZERO, LONGEST);
  }

  /// Reads a duration within bounds.
  ///
  /// @param least zero or longer
  /// @param most [#LONGEST] at most
  /// @throws IllegalArgumentException if it is none, or beyond; the message says what is allowed
  public static Duration parse(String text, Duration least, Duration most) {
    Optional<Duration> read = read(text);
    return read.filter(is -> is.compareTo(least) >= 0 && is.compareTo(most) <= 0)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "duration "
                    + Names.quoted(text)
                    + " is not allowed: "
                    + (read.isPresent() ? "" : FORMS)
                    + (least.isZero() && !read.filter(Duration::isNegative).isPresent()
                        ? "at most "
                        : "from " + text(least) + " to ")
                    + text(most)));
  }

  private static Optional<Duration> read(String text) {
    try {
      String trimmed = text.strip();
      return Optional.of(
          trimmed.regionMatches(true, 0, "P", 0, 1) ? Duration.parse(trimmed) : counted(trimmed));
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// A duration as people read it: `30s`, `1m30s`, `500ms`, `7d`.
  public static String text(Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      return lower(duration);
    }
    long days = duration.toDays() >= DAYS_MIN ? duration.toDays() : 0;
    Duration rest = duration.minusDays(days);
    int nanos = rest.toNanosPart();
    // With seconds it is a fraction of them.
    boolean inMillis = nanos > 0 && nanos % NANOS_OF_MILLI == 0 && rest.toSecondsPart() == 0;
    Duration said = inMillis ? rest.minusNanos(nanos) : rest;
    return (days == 0 ? "" : days + "d")
        + (said.isZero() ? "" : lower(said))
        + (inMillis ? nanos / NANOS_OF_MILLI + "ms" : "");
  }

  private static String lower(Duration duration) {
    return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
  }

  private static Duration counted(String text) {
    int digits = 0;
    while (digits < text.length() && isDigit(text.charAt(digits))) {
      digits++;
    }
    long count = Long.parseLong(text.substring(0, digits));
    return switch (text.substring(digits).strip().toLowerCase(Locale.ROOT)) {
      case "ms" -> Duration.ofMillis(count);
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> throw new NumberFormatException();
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
