package dev.nightshift.scheduler.internal.partition;

/// Records that a partition's thread wants read. Immutable; the offsets are not changed any more.
///
/// @param partition of the delayed topic
/// @param number the request's
/// @param offsets in rising order
/// @param bytesMax how much may be read; one record may exceed it
/// @param inbox where the records go
public record Ask(int partition, long number, long[] offsets, long bytesMax, Inbox inbox) {}
