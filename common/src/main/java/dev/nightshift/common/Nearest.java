package dev.nightshift.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what somebody probably meant. Pure.
public final class Nearest {
  private Nearest() {}

  /// The name that takes the fewest letters put in, left out, replaced or swapped to come from what
  /// was written; the first in the alphabet of those that take as many. Empty if there are no
  /// names.
  public static Optional<String> to(String written, Collection<String> names) {
    return names.stream()
        .min(
            Comparator.comparingInt((String name) -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /// The same, if it is near enough to be meant: no more than half of the letters are others.
  public static Optional<String> close(String written, Collection<String> names) {
    return to(written, names).filter(near -> isClose(written, near));
  }

  /// The queue that was probably meant: one of the same canvas, else one of a canvas with a name
  /// that is close. Empty if none is close.
  public static Optional<QueueName> queue(QueueName written, Collection<QueueName> queues) {
    Comparator<QueueName> nearest =
        Comparator.comparingInt((QueueName each) -> distance(written.canvas(), each.canvas()))
            .thenComparing(each -> distance(written.queue(), each.queue()))
            .thenComparing(Comparator.naturalOrder());
    return queues.stream()
        .filter(each -> isClose(written.canvas(), each.canvas()))
        .filter(each -> isClose(written.queue(), each.queue()))
        .min(nearest);
  }

  private static boolean isClose(String written, String name) {
    return distance(written, name) <= written.length() / 2;
  }

  /// Levenshtein's distance, where two neighbours that are swapped are one difference.
  public static int distance(String from, String to) {
    int[] earlier = new int[to.length() + 1];
    int[] before = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      before[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] now = new int[to.length() + 1];
      now[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = before[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        int least = Math.min(replaced, 1 + Math.min(before[j], now[j - 1]));
        now[j] = areSwapped(from, i, to, j) ? Math.min(least, 1 + earlier[j - 2]) : least;
      }
      earlier = before;
      before = now;
    }
    return before[to.length()];
  }

  private static boolean areSwapped(String from, int i, String to, int j) {
    return i > 1
        && j > 1
        && from.charAt(i - 1) == to.charAt(j - 2)
        && from.charAt(i - 2) == to.charAt(j - 1);
  }
}
