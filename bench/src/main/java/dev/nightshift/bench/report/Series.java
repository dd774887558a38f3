package dev.nightshift.bench.report;

import java.util.ArrayList;
import java.util.List;

/// One quantity of one side, a value a round.
///
/// @param side what was measured
/// @param unit of the values, such as `events/s`
/// @param amount how much of it was measured in each round
/// @param values one a round, in their order
/// @param faults of all rounds together
/// @param notes such as what it cost, a text a round
public record Series(
    String side,
    String unit,
    String amount,
    List<Double> values,
    Faults faults,
    List<String> notes) {
  /// Keeps copies.
  public Series {
    values = List.copyOf(values);
    notes = List.copyOf(notes);
  }

  /// Nothing measured yet.
  public static Series of(String side, String unit, String amount) {
    return new Series(side, unit, amount, List.of(), Faults.NONE, List.of());
  }

  /// The same after one more round.
  public Series with(double value, Faults more, String note) {
    List<Double> longer = new ArrayList<>(values);
    longer.add(value);
    List<String> longerNotes = new ArrayList<>(notes);
    longerNotes.add(note);
    return new Series(side, unit, amount, longer, faults.plus(more), longerNotes);
  }
}
