package dev.nightshift.cli.internal.doctor;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What one check came to. Immutable.
///
/// @param check its name, the same in each run
/// @param seen how it is
/// @param wanted how it should be; empty if it is so
/// @param why what happens otherwise; empty if all is well
/// @param mend what to type or to do; empty if there is nothing to mend
public record Finding(
    Level level, String check, String seen, String wanted, String why, Optional<String> mend) {
  /// How bad it is.
  public enum Level {
    OK,
    /// A promise is weaker, or soon something will be wrong.
    WARNING,
    /// Something does not work, or will be lost.
    WRONG
  }

  static Finding ok(String check, String seen) {
    return new Finding(Level.OK, check, seen, "", "", Optional.empty());
  }

  /// What can be mended.
  static Finding bad(Level level, String check, Difference difference, String why, String mend) {
    return new Finding(
        level, check, difference.seen(), difference.wanted(), why, Optional.of(mend));
  }

  /// What is not mended by a command or a setting.
  static Finding bad(Level level, String check, Difference difference, String why) {
    return new Finding(level, check, difference.seen(), difference.wanted(), why, Optional.empty());
  }

  /// How something is, and how it should be.
  record Difference(String seen, String wanted) {}

  /// One line for people.
  public String text() {
    String line = "%-7s  %s: %s".formatted(word(), check, seen);
    return level == Level.OK
        ? line
        : line
            + "; wanted: "
            + wanted
            + ". "
            + why
            + mend.map(command -> ". Mend it: " + command).orElse("");
  }

  /// For programs.
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("result", word());
    fields.put("check", check);
    fields.put("seen", seen);
    if (level != Level.OK) {
      fields.put("wanted", wanted);
      fields.put("why", why);
      mend.ifPresent(command -> fields.put("mend", command));
    }
    return fields;
  }

  private String word() {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
