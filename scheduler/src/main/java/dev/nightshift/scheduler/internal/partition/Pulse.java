package dev.nightshift.scheduler.internal.partition;

import java.util.OptionalLong;

/// How a partition's thread is at an instant. Immutable.
///
/// @param owned whether the partition is this scheduler's
/// @param firing whether what is due is fired
/// @param waiting how many events wait
/// @param firstDueMicros when the earliest of them is due, or the next tick of a cron; empty if
///   there is none
/// @param nanos when this was said, see [System#nanoTime]
public record Pulse(
    boolean owned, boolean firing, int waiting, OptionalLong firstDueMicros, long nanos) {}
