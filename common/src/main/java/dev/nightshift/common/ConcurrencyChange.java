package dev.nightshift.common;

/// What setting a worker's concurrency has done.
///
/// @param changed false if it was so already
/// @param before what was said of exactly this worker, or of all
/// @param after what is said now
public record ConcurrencyChange(boolean changed, Concurrency before, Concurrency after) {}
