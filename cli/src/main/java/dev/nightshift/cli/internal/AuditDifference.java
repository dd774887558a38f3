package dev.nightshift.cli.internal;

import java.util.Collections;
import java.util.List;

/// What differs between two texts of the audit, which are parts with commas between them: `every
/// 90s into mail, missed once` and `every 90s into mail, missed all` differ in `missed once` and
/// `missed all`. What stands behind a colon is somebody's reason, and one part with what is before
/// it. Immutable.
///
/// @param before what is not there any more; `-` where that is nothing
/// @param after what is there instead; `-` where that is nothing
record AuditDifference(String before, String after) {
  private static final String COMMA = ", ";
  private static final String INTO = "into ";
  private static final String REASON = ": ";
  private static final String NOTHING = "-";

  static AuditDifference of(String before, String after) {
    List<String> was = parts(before);
    List<String> is = parts(after);
    return before.equals(after) || Collections.disjoint(was, is)
        ? new AuditDifference(before, after)
        : new AuditDifference(without(was, is), without(is, was));
  }

  // A cron's queue is a part of its own.
  private static List<String> parts(String text) {
    int colon = text.indexOf(REASON);
    int end = colon < 0 ? text.length() : colon;
    String[] parts = text.substring(0, end).replace(" " + INTO, COMMA + INTO).split(COMMA);
    parts[parts.length - 1] += text.substring(end);
    return List.of(parts);
  }

  private static String without(List<String> parts, List<String> others) {
    StringBuilder left = new StringBuilder();
    for (String part : parts) {
      if (!others.contains(part)) {
        left.append(left.isEmpty() ? "" : part.startsWith(INTO) ? " " : COMMA).append(part);
      }
    }
    return left.isEmpty() ? NOTHING : left.toString();
  }
}
