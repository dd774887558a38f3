package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import java.util.OptionalInt;

/// Whether schedulers live. Pure.
///
/// @param live how many their group has, those too that have just joined it and have no partitions
///   yet; empty if this login may not ask
/// @param group theirs
/// @param options the options that tell Nightshift's own commands this fleet
record Schedulers(OptionalInt live, String group, String options) {
  private static final String CHECK = "schedulers";

  Finding finding() {
    if (live.isEmpty()) {
      // Nothing else of this command needs that right.
      return Finding.ok(CHECK, "unknown, this login has no right to Describe the group " + group);
    }
    int count = live.getAsInt();
    return count > 0
        ? Finding.ok(CHECK, count + (count == 1 ? " scheduler" : " schedulers"))
        : Finding.bad(
            Level.WARNING,
            CHECK,
            new Difference("none", "1 or more"),
            "No scheduler is live: crons do not tick, delayed events are not emitted, nothing is"
                + " trimmed",
            "nightshift scheduler " + options);
  }
}
