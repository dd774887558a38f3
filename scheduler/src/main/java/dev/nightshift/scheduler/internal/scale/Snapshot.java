package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.ControlView;
import dev.nightshift.common.WorkerBeat;
import dev.nightshift.common.backlog.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// What is looked at for a decision. Immutable.
///
/// @param nanos when, by the monotonic clock
/// @param at the same by the wall clock, by which flags end
/// @param standings of all partitions that hold events to be run
/// @param workers that live
record Snapshot(
    long nanos,
    Instant at,
    Map<TopicPartition, Standing> standings,
    ControlView view,
    List<WorkerBeat> workers) {
  Snapshot {
    standings = Map.copyOf(standings);
    workers = List.copyOf(workers);
  }
}
