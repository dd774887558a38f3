package dev.nightshift.bench.run;

import dev.nightshift.bench.report.Measured;
import dev.nightshift.bench.stage.Load;
import dev.nightshift.bench.stage.Outcome;
import java.util.Locale;

/// Outcomes as rates in reports. Pure.
final class Rates {
  static final String UNIT = "events/s";

  private Rates() {}

  static void add(Measured measured, String side, Load load, Outcome outcome) {
    measured.add(side, UNIT, amount(load), outcome.rate(), outcome.faults(), outcome.cost());
  }

  static String amount(Load load) {
    int warm = load.kind().warm();
    return String.format(Locale.ROOT, "%,d after %,d", load.kind().handled() - warm, warm);
  }

  static String line(String run, int round, String side, Outcome outcome) {
    return String.format(
        Locale.ROOT,
        "%s round %d: %s %,.0f/s, lost %d, doubled %d, started again %d, %s",
        run,
        round,
        side,
        outcome.rate(),
        outcome.faults().lost(),
        outcome.faults().doubled(),
        outcome.faults().repeated(),
        outcome.cost());
  }
}
