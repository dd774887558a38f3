package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.ScaleBounds;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Decides how many partitions a canvas's topic needs, so that as many workers as have done within
/// the target time what waits there can share it. There is no way back: so only for what has waited
/// for a while, and where it is known what a worker drains. Pure: no clock, no I/O.
final class PartitionRule {
  /// A backlog this old is none of a moment.
  private static final Duration WAITED_MIN = Duration.ofSeconds(15);

  private final int max;

  /// @param max partitions that are wanted at most
  PartitionRule(int max) {
    this.max = max;
  }

  /// @param perWorker what one worker drains a second, if it is known
  /// @return how many there should be; empty if there are enough
  OptionalInt wanted(CanvasLoad load, OptionalDouble perWorker, ScaleBounds bounds) {
    if (load.waiting() == 0
        || load.oldest().compareTo(WAITED_MIN) < 0
        || perWorker.orElse(0) * Load.seconds(WAITED_MIN) < 1) {
      return OptionalInt.empty();
    }
    double target = Load.seconds(bounds.target());
    double workers = (load.arrivals() + load.waiting() / target) / perWorker.orElse(1);
    int wanted = (int) Math.min(Math.min(max, bounds.max()), Math.ceil(workers));
    return wanted > load.partitions() ? OptionalInt.of(wanted) : OptionalInt.empty();
  }
}
