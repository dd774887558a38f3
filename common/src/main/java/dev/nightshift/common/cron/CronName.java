package dev.nightshift.common.cron;

import dev.nightshift.common.Names;
import java.util.Comparator;

/// A cron's name, which is its own within its canvas. Written `CANVAS/NAME`. Immutable.
public record CronName(String canvas, String name) implements Comparable<CronName> {
  private static final Comparator<CronName> ORDER =
      Comparator.comparing(CronName::canvas).thenComparing(CronName::name);

  /// Checks both.
  ///
  /// @throws IllegalArgumentException if one is not allowed; the message says what is
  public CronName {
    Names.problemWithCanvas(canvas)
        .or(() -> Names.problemWithCron(name))
        .ifPresent(problem -> {
          throw new IllegalArgumentException(problem);
        });
  }

  /// Reads what people write.
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is allowed
  public static CronName parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          Names.quoted(text) + " names no cron: write CANVAS/NAME, such as shop/nightly-report");
    }
    return new CronName(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(CronName other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return canvas + "/" + name;
  }
}
