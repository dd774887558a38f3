package dev.nightshift.cli.internal;

import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.WorkersView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which workers are still heard, by this process's own time: where all have died nobody says by
/// the brokers' clock that time has passed, and this machine's clock may differ from theirs. Owned
/// by one thread. Pure.
final class Heard {
  private final Map<String, Last> last = new HashMap<>();

  /// What a worker said last, by the brokers' clock, and when that was first seen here.
  private record Last(Instant at, long nanos) {}

  /// Those of whom something new was seen within the time after which a silent worker counts as
  /// dead.
  ///
  /// @param live those who are by what all have said
  List<WorkerBeat> of(List<WorkerBeat> live, long nanos) {
    return live.stream().filter(beat -> isHeard(beat, nanos)).toList();
  }

  private boolean isHeard(WorkerBeat beat, long nanos) {
    Last seen = last.get(beat.worker());
    if (seen == null || !seen.at.equals(beat.at())) {
      seen = new Last(beat.at(), nanos);
      last.put(beat.worker(), seen);
    }
    return nanos - seen.nanos < WorkersView.SILENT_MAX.toNanos();
  }
}
