package dev.nightshift.cli.internal.doctor;

import dev.nightshift.cli.internal.doctor.Finding.Difference;
import dev.nightshift.cli.internal.doctor.Finding.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// How far this machine's clock and a broker's are apart: the broker stamped a record that this
/// machine sent and got confirmed. Pure.
///
/// @param sent by this machine's clock
/// @param stamped by the broker's
/// @param confirmed by this machine's
record Clock(Instant sent, Instant stamped, Instant confirmed) {
  private static final Duration FINE = Duration.ofSeconds(1);
  private static final Duration BAD = Duration.ofSeconds(10);

  Finding finding() {
    Duration ahead = Duration.between(confirmed, stamped);
    Duration behind = Duration.between(stamped, sent);
    // Between the two it may have been stamped at any moment.
    Duration least = longer(longer(ahead, behind), Duration.ZERO);
    if (least.compareTo(FINE) < 0) {
      Duration most = longer(ahead.abs(), behind.abs());
      return Finding.ok("clock", "at most " + seconds(most) + " s from the broker's");
    }
    return Finding.bad(
        least.compareTo(BAD) < 0 ? Level.WARNING : Level.WRONG,
        "clock",
        new Difference(
            "this machine's is %s s %s the broker's"
                .formatted(seconds(least), ahead.compareTo(behind) > 0 ? "behind" : "ahead of"),
            "less than 1 s apart"),
        "Ends that are said as times, such as --until, come that much too "
            + (ahead.compareTo(behind) > 0 ? "early" : "late")
            + " when they are said here, and ages are wrong",
        "timedatectl set-ntp true, on the machine whose clock is wrong");
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1_000.0);
  }
}
