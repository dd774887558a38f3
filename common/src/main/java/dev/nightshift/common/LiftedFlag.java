package dev.nightshift.common;

import java.time.Instant;

/// That a flag was lifted, which stands under the flag's key until the record is taken away. Stops
/// nothing. Immutable.
///
/// @param id the flag's
/// @param at when that was, by the clock of whoever lifted it
public record LiftedFlag(String id, Instant at) implements ControlFact {
  @Override
  public String key() {
    return Flag.key(id);
  }
}
