package dev.nightshift.common.cron;

import dev.nightshift.common.Names;
import java.util.Comparator;

/// Tells a cron from all others that there ever were: a canvas that is created again may have one
/// of the same name. Written `CANVAS/GENERATION/NAME`. Immutable.
///
/// @param generation of the canvas
public record CronKey(CronName name, int generation) implements Comparable<CronKey> {
  private static final Comparator<CronKey> ORDER =
      Comparator.comparing(CronKey::name).thenComparing(CronKey::generation);

  /// Reads what [#toString] wrote.
  ///
  /// @throws IllegalArgumentException if it is none; the message says what is allowed
  static CronKey parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3 || !parts[1].matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          Names.quoted(text)
              + " is no key of a cron, which is CANVAS/GENERATION/NAME; set the cron again");
    }
    return new CronKey(new CronName(parts[0], parts[2]), Integer.parseInt(parts[1]));
  }

  @Override
  public int compareTo(CronKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return name.canvas() + "/" + generation + "/" + name.name();
  }
}
