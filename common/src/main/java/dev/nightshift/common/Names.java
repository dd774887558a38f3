package dev.nightshift.common;

import java.util.Optional;
import java.util.regex.Pattern;

/// The rules for names, in one place. Pure; safe for use by many threads.
public final class Names {
  private static final Pattern CANVAS = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern QUEUE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /// The longest event id, in characters.
  public static final int EVENT_ID_CHARS_MAX = 200;

  private Names() {}

  /// What is wrong with a canvas name; empty if it is allowed.
  public static Optional<String> problemWithCanvas(String name) {
    return CANVAS.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "canvas name "
                + quoted(name)
                + " is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'");
  }

  /// What is wrong with a queue name; empty if it is allowed.
  public static Optional<String> problemWithQueue(String name) {
    return QUEUE.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "queue name "
                + quoted(name)
                + " is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'");
  }

  /// What is wrong with an event id; empty if it is allowed.
  public static Optional<String> problemWithEventId(String id) {
    boolean fits =
        !id.isEmpty()
            && id.length() <= EVENT_ID_CHARS_MAX
            && id.chars().allMatch(c -> c > ' ' && c < 127);
    return fits
        ? Optional.empty()
        : Optional.of(
            "event id "
                + quoted(id)
                + " is not allowed: 1 to "
                + EVENT_ID_CHARS_MAX
                + " printable ASCII characters without spaces");
  }

  /// A value as it may stand in a message: quoted, cut after 80 characters, control characters
  /// shown as '?'.
  public static String quoted(String value) {
    String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
    return "'" + shown.replaceAll("\\p{Cntrl}", "?") + "'";
  }
}
