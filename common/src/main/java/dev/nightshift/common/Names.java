package dev.nightshift.common;

import java.util.Optional;
import java.util.function.IntPredicate;

/// The rules for names, in one place. Pure; safe for use by many threads.
public final class Names {
  private static final int CANVAS_CHARS_MAX = 63;
  private static final int QUEUE_CHARS_MAX = 100;

  /// The longest event id, in characters.
  public static final int EVENT_ID_CHARS_MAX = 200;

  private Names() {}

  /// What is wrong with a canvas name; empty if it is allowed.
  public static Optional<String> problemWithCanvas(String name) {
    return problemWith("canvas", name);
  }

  /// What is wrong with the name of a topic that canvases share; empty if it is allowed.
  public static Optional<String> problemWithSharedTopic(String name) {
    return problemWithCanvas(name).isEmpty() && name.charAt(0) > '9'
        ? Optional.empty()
        : Optional.of(
            "shared topic name "
                + quoted(name)
                + " is not allowed: 1 to 63 of a-z, 0-9 and '-', starting with a letter");
  }

  /// What is wrong with a cron's name; empty if it is allowed.
  public static Optional<String> problemWithCron(String name) {
    return problemWith("cron", name);
  }

  private static Optional<String> problemWith(String kind, String name) {
    return hasOnly(name, CANVAS_CHARS_MAX, c -> isSmallOrDigit(c) || c == '-')
            && name.charAt(0) != '-'
        ? Optional.empty()
        : Optional.of(
            kind
                + " name "
                + quoted(name)
                + " is not allowed: 1 to 63 of a-z, 0-9 and '-', not starting with '-'");
  }

  /// What is wrong with a queue name; empty if it is allowed.
  public static Optional<String> problemWithQueue(String name) {
    return hasOnly(
            name,
            QUEUE_CHARS_MAX,
            c -> isSmallOrDigit(c) || c >= 'A' && c <= 'Z' || c == '_' || c == '-')
        ? Optional.empty()
        : Optional.of(
            "queue name "
                + quoted(name)
                + " is not allowed: 1 to 100 of A-Z, a-z, 0-9, '_' and '-'");
  }

  /// What is wrong with an event id; empty if it is allowed.
  public static Optional<String> problemWithEventId(String id) {
    return hasOnly(id, EVENT_ID_CHARS_MAX, c -> c > ' ' && c < 127)
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

  // Asked three times for each event: a loop is several times as fast as a pattern.
  private static boolean hasOnly(String text, int charsMax, IntPredicate allowed) {
    if (text.isEmpty() || text.length() > charsMax) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (!allowed.test(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSmallOrDigit(int c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }
}
