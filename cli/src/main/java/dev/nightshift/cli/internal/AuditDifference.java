package dev.nightshift.cli.internal;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/// What differs between two texts of the audit, which are parts with commas between them: `every
/// 90s into mail, missed once` and `every 90s into mail, missed all` differ in `missed once` and
/// `missed all`. Immutable.
///
/// @param before what is not there any more; `-` where that is nothing
/// @param after what is there instead; `-` where that is nothing
record AuditDifference(String before, String after) {
  private static final String COMMA = ", ";
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
    return Arrays.asList(text.replace(" into ", COMMA + "into ").split(COMMA));
  }

  private static String without(List<String> parts, List<String> others) {
    String left =
        parts.stream().filter(part -> !others.contains(part)).collect(Collectors.joining(COMMA));
    return left.isEmpty() ? NOTHING : left;
  }
}
