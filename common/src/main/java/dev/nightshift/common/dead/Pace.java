package dev.nightshift.common.dead;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How many letters may be redriven or discarded in a time. Immutable. Pure.
///
/// @param count at least 1
/// @param per in this time
public record Pace(int count, Duration per) {
  private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,8})/(s|m|h)");

  /// Transactions in a second, at most: a pace is kept in steps, not letter by letter.
  private static final int STEPS_PER_SECOND = 10;

  /// Reads what people write: `50/s`, `600/m`, `1000/h`.
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is allowed
  public static Pace parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is no rate: write a whole number for each second, minute or hour, such as"
              + " 50/s, 600/m or 1000/h");
    }
    Duration per =
        switch (parts.group(2)) {
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          default -> Duration.ofHours(1);
        };
    return new Pace(Integer.parseInt(parts.group(1)), per);
  }

  /// How many may go now: none, or a step's worth. What was missed is made up for one second's
  /// worth at once.
  ///
  /// @param elapsed since the first went
  /// @param gone how many went so far
  int due(Duration elapsed, long gone) {
    double perSecond = perSecond();
    double step = Math.max(1, Math.floor(perSecond / STEPS_PER_SECOND));
    double due = step + Math.floor(elapsed.toNanos() / 1e9 * perSecond) - gone;
    return due < step ? 0 : (int) Math.min(due, Math.max(1, Math.floor(perSecond)));
  }

  private double perSecond() {
    return count / (per.toNanos() / 1e9);
  }
}
