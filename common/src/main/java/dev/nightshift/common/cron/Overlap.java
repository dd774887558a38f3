package dev.nightshift.common.cron;

import java.util.Locale;

/// What becomes of a tick while the event of the one before has not ended.
public enum Overlap {
  /// It is emitted.
  ALLOW,
  /// It is not emitted.
  SKIP;

  /// As it is written: `allow`, `skip`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
