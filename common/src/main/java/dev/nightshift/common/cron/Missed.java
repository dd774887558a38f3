package dev.nightshift.common.cron;

import java.util.Locale;

/// What becomes of ticks that no scheduler was there for.
public enum Missed {
  /// None of them is emitted.
  SKIP,
  /// The last of them is emitted.
  ONCE,
  /// Each of them is emitted.
  ALL;

  /// As it is written: `skip`, `once`, `all`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
