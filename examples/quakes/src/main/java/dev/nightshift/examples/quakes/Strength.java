package dev.nightshift.examples.quakes;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The usual classes of magnitude, from the strongest to the weakest.
enum Strength {
  GREAT(8),
  MAJOR(7),
  STRONG(6),
  MODERATE(5),
  LIGHT(4),
  MINOR(2),
  MICRO(Double.NEGATIVE_INFINITY),
  UNKNOWN(Double.NaN);

  private final double from;

  Strength(double from) {
    this.from = from;
  }

  static Strength of(@Nullable Double magnitude) {
    if (magnitude != null) {
      for (Strength strength : values()) {
        if (magnitude >= strength.from) {
          return strength;
        }
      }
    }
    return UNKNOWN;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
