package dev.nightshift.common;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;

/// Durations as people write them: `500ms`, `30s`, `5m`, `2h`, `7d`, or ISO 8601 (`PT30S`). Pure;
/// safe for use by many threads.
public final class Durations {
  /// The longest that is accepted: added to any instant of these centuries it stays an instant.
  public static final Duration LONGEST = Duration.ofDays(36_500);

  private Durations() {}

  /// Reads a duration: zero or longer, at most [#LONGEST].
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is allowed
  public static Duration parse(String text) {
    try {
      String trimmed = text.strip();
      Duration duration =
          trimmed.regionMatches(true, 0, "P", 0, 1) ? Duration.parse(trimmed) : counted(trimmed);
      if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        "duration "
            + Names.quoted(text)
            + " is not allowed: a whole number with ms, s, m, h or d, such as 30s, or ISO 8601, such"
            + " as PT30S; at most "
            + LONGEST.toDays()
            + "d");
  }

  /// A duration as people read it: `30s`, `1m30s`, `0.5s`.
  public static String text(Duration duration) {
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
