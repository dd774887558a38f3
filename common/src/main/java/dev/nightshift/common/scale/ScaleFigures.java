package dev.nightshift.common.scale;

import java.time.Duration;
import java.util.OptionalDouble;

/// What a decision was made from. Offsets are counted, not records, so each number is a little too
/// large where transactions write. Immutable.
///
/// @param waiting events that wait and may start
/// @param limited events that wait for the limit of their queue
/// @param oldest how long the first of those that may start has waited, in steps of a sample
/// @param arrivals events a second that came and may start
/// @param drained events a second that ended
/// @param perWorker what one worker was seen to drain a second while it had enough to do
/// @param partitions that have something to run: more workers would have nothing to do
public record ScaleFigures(
    long waiting,
    long limited,
    Duration oldest,
    double arrivals,
    double drained,
    OptionalDouble perWorker,
    int partitions) {}
