package dev.nightshift.worker.events;

import java.time.Duration;

/// How a worker is at an instant. Immutable.
///
/// @param state `running`, `quiet` (claims nothing more) or `draining`
/// @param joined whether it is a member of its group and was told its partitions
/// @param partitions how many it has
/// @param running handlers
/// @param waiting events that wait in memory for a slot
/// @param controlOffset it acts by all that stands below this offset of the control topic
/// @param sinceTurn how long ago its loop last turned, which it does several times a second
public record WorkerStatus(
    String state,
    boolean joined,
    int partitions,
    int running,
    int waiting,
    long controlOffset,
    Duration sinceTurn) {}
