package dev.nightshift.bench.report;

/// What went wrong while something was measured.
///
/// @param lost events that no handler came to the end of
/// @param doubled handlers' ends beyond an event's first
/// @param repeated starts beyond an event's first
public record Faults(long lost, long doubled, long repeated) {
  /// Nothing went wrong.
  public static final Faults NONE = new Faults(0, 0, 0);

  /// From how often each event was started and came to its end.
  ///
  /// @param retried starts of which it is known otherwise that they were not the first
  public static Faults of(int[] starts, int[] ends, int retried) {
    long lost = 0;
    long doubled = 0;
    long again = 0;
    for (int i = 0; i < ends.length; i++) {
      lost += ends[i] == 0 ? 1 : 0;
      doubled += Math.max(0, ends[i] - 1);
      again += Math.max(0, starts[i] - 1);
    }
    return new Faults(lost, doubled, Math.max(retried, again));
  }

  /// Both.
  public Faults plus(Faults other) {
    return new Faults(lost + other.lost, doubled + other.doubled, repeated + other.repeated);
  }
}
