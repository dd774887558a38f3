package dev.nightshift.common;

import java.util.Optional;

/// What creating or deleting a canvas has done.
///
/// @param changed false if it was so already
/// @param before the canvas's newest generation before; empty if there was none
/// @param after the canvas now
public record CanvasChange(boolean changed, Optional<Canvas> before, Canvas after) {}
