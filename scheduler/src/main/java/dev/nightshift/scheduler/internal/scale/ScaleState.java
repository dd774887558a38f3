package dev.nightshift.scheduler.internal.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/// What the rule remembers from one sample to the next. Immutable.
///
/// @param wanted workers
/// @param perWorker what one worker was seen to drain a second while it had enough to do
/// @param measuredNanos when that was seen last
/// @param raisedNanos when the number was raised last, or the rule began
/// @param arrivals events a second of the last samples, the newest last
/// @param mean events a second that arrive, smoothed
/// @param enough how many workers would have been enough, of late
record ScaleState(
    int wanted,
    OptionalDouble perWorker,
    long measuredNanos,
    long raisedNanos,
    List<Double> arrivals,
    double mean,
    List<Enough> enough) {
  /// Of so many samples the smallest is what keeps arriving; a burst is not.
  static final int SUSTAINED = 3;

  /// How many workers would have been enough at an instant.
  record Enough(long nanos, int workers) {}

  ScaleState {
    arrivals = List.copyOf(arrivals);
    enough = List.copyOf(enough);
  }

  /// The state of who begins to decide.
  ///
  /// @param wanted what whoever decided before wanted
  /// @param perWorker what he had seen
  static ScaleState first(int wanted, OptionalDouble perWorker, long nanos) {
    return new ScaleState(wanted, perWorker, nanos, nanos, List.of(), 0, List.of());
  }

  ScaleState measured(double drained, long nanos) {
    return new ScaleState(
        wanted, OptionalDouble.of(drained), nanos, raisedNanos, arrivals, mean, enough);
  }

  /// At least so much was seen, though more may be possible.
  ScaleState atLeast(double drained) {
    return new ScaleState(
        wanted, OptionalDouble.of(drained), measuredNanos, raisedNanos, arrivals, mean, enough);
  }

  /// More events have come.
  ///
  /// @param weight of these, from 0 to 1
  ScaleState arrived(double perSecond, double weight) {
    List<Double> more = new ArrayList<>(arrivals);
    more.add(perSecond);
    double smoothed = arrivals.isEmpty() ? perSecond : mean + weight * (perSecond - mean);
    return new ScaleState(
        wanted,
        perWorker,
        measuredNanos,
        raisedNanos,
        more.subList(Math.max(0, more.size() - SUSTAINED), more.size()),
        smoothed,
        enough);
  }

  ScaleState raised(int to, long nanos) {
    return new ScaleState(to, perWorker, measuredNanos, nanos, arrivals, mean, List.of());
  }

  ScaleState with(int now, List<Enough> lately) {
    return new ScaleState(now, perWorker, measuredNanos, raisedNanos, arrivals, mean, lately);
  }

  /// Events a second that came in each of the last samples.
  double sustained() {
    return arrivals.stream().mapToDouble(Double::doubleValue).min().orElse(0);
  }
}
