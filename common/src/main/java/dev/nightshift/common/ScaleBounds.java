package dev.nightshift.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Between which numbers of workers the schedulers decide. Immutable.
///
/// @param min workers that are wanted though nothing waits, from 0
/// @param max workers that are wanted at most, from 1 to [#MAX]
/// @param target within this time what waits should be done, from [#TARGET_MIN] to [#TARGET_MAX]
public record ScaleBounds(int min, int max, Duration target) implements ControlFact {
  /// The key of the one record of them.
  static final String KEY = "scale";

  /// More workers than this are not decided.
  public static final int MAX = 10_000;

  /// What is drained in less time than this cannot be told from what just came.
  public static final Duration TARGET_MIN = Duration.ofSeconds(5);

  /// The longest that may be asked for.
  public static final Duration TARGET_MAX = Duration.ofDays(1);

  /// Those of a fleet that was told nothing.
  public static final ScaleBounds DEFAULT = new ScaleBounds(1, 16, Duration.ofSeconds(60));

  /// Checks the values.
  ///
  /// @throws IllegalArgumentException if they are not allowed; the message says all that is wrong,
  ///   a line each
  public ScaleBounds {
    List<String> problems = problems(min, max, target);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
  }

  private static List<String> problems(int min, int max, Duration target) {
    List<String> problems = new ArrayList<>();
    if (min < 0 || min > MAX) {
      problems.add("min " + min + " is not allowed: 0 to 10,000 workers");
    }
    if (max < 1 || max > MAX) {
      problems.add(
          "max "
              + max
              + " is not allowed: 1 to 10,000 workers; to stop all work pause it with: nightshift"
              + " queue pause '*'");
    }
    if (problems.isEmpty() && min > max) {
      problems.add("min " + min + " is not allowed with max " + max + ": at most as many");
    }
    if (target.compareTo(TARGET_MIN) < 0 || target.compareTo(TARGET_MAX) > 0) {
      problems.add("target " + Durations.text(target) + " is not allowed: 5s to 24h");
    }
    return problems;
  }

  @Override
  public String key() {
    return KEY;
  }

  /// As people read it.
  public String text() {
    return (min == max ? "exactly " : min + " to ")
        + max
        + (max == 1 ? " worker" : " workers")
        + ", target "
        + Durations.text(target);
  }
}
