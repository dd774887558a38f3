package dev.nightshift.common;

/// What setting the bounds of scaling has done.
///
/// @param changed false if they were so already
public record ScaleBoundsChange(boolean changed, ScaleBounds before, ScaleBounds after) {}
