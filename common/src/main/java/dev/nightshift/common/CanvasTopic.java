package dev.nightshift.common;

import java.util.Optional;
import java.util.OptionalInt;

/// Where a canvas's events are to be when it is created. Immutable.
///
/// @param shared the name of a topic that it shares with all other canvases that are created so;
///   empty for a topic of its own. Thousands of canvases with few events each cost the fleet as
///   much as one then; but who may write that topic may emit into each of them
/// @param partitions of the topic if it is made, from 1 to [Fleet#PARTITIONS_MAX]
/// @param replication copies of each partition if it is made, as in [Fleet#init]
public record CanvasTopic(Optional<String> shared, int partitions, OptionalInt replication) {
  /// Checks the values.
  ///
  /// @throws FleetException.InvalidName if the topic's name is not allowed
  /// @throws FleetException.InvalidValue if a number is not
  public CanvasTopic {
    shared
        .flatMap(Names::problemWithSharedTopic)
        .ifPresent(problem -> {
          throw new FleetException.InvalidName(problem);
        });
    Fleet.checkRange("partitions", OptionalInt.of(partitions), Fleet.PARTITIONS_MAX);
    Fleet.checkRange("replication", replication, Fleet.REPLICATION_MAX);
  }

  /// A topic of its own.
  public static CanvasTopic own(int partitions, OptionalInt replication) {
    return new CanvasTopic(Optional.empty(), partitions, replication);
  }
}
