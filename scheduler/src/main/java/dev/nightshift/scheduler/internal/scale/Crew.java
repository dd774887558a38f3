package dev.nightshift.scheduler.internal.scale;

/// The workers at an instant. Immutable.
///
/// @param workers that claim events; those that drain do not
/// @param slots how many handlers they run at once, all together
/// @param running how many events are claimed
/// @param steady whether they were the same in the sample before: while partitions move less is
///   drained than could be
record Crew(int workers, int slots, long running, boolean steady) {}
