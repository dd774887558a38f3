package dev.nightshift.scheduler.internal.scale;

import dev.nightshift.common.Canvas;
import java.time.Duration;

/// What is to be done of one canvas, in its event topic. Immutable.
///
/// @param waiting events that may start and wait there
/// @param oldest how long the first of them has waited, in steps of a sample
/// @param arrivals events a second that came and may start
/// @param partitions of the topic
record CanvasLoad(Canvas canvas, long waiting, Duration oldest, double arrivals, int partitions) {}
