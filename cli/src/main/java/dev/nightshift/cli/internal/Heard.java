package dev.nightshift.cli.internal;

import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether any worker is heard, by this process's own time: where all have died nobody says by the
/// brokers' clock that time has passed, and this machine's clock may differ from theirs. Owned by
/// one thread. Pure.
final class Heard {
  private Optional<Instant> newest = Optional.empty();
  private long seenNanos;

  /// Whether none has said anything within the time after which a silent worker counts as dead.
  ///
  /// @param live those who live by what all have said
  boolean none(List<WorkerBeat> live, long nanos) {
    Optional<Instant> now = live.stream().map(WorkerBeat::at).max(Instant::compareTo);
    if (!now.equals(newest)) {
      newest = now;
      seenNanos = nanos;
    }
    return newest.isPresent() && nanos - seenNanos >= WorkersView.SILENT_MAX.toNanos();
  }
}
