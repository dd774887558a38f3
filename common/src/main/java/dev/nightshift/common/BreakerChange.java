package dev.nightshift.common;

/// What setting a queue's breaker has done.
///
/// @param changed false if it was so already
public record BreakerChange(boolean changed, Breaker before, Breaker after) {}
