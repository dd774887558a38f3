package dev.nightshift.scheduler.events;

import java.time.Duration;

/// How a scheduler is at an instant. Immutable.
///
/// @param joined whether it is a member of its group and was told its partitions
/// @param caughtUp whether it has read the delayed topic to the end that it had at the start
/// @param partitions how many are its own
/// @param firing in how many of them it fires what is due
/// @param waiting how many events wait in all partitions
/// @param overdue how long the event, or the tick of a cron, is overdue that has waited longest in
///   its own partitions; zero if none is
/// @param sinceTurn how long ago the slowest of its threads last turned, which they do once a
///   second
public record SchedulerStatus(
    boolean joined,
    boolean caughtUp,
    int partitions,
    int firing,
    long waiting,
    Duration overdue,
    Duration sinceTurn) {}
