package dev.nightshift.examples.quakes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An earthquake as the feed tells it; what the handlers do not need is left out.
///
/// @param mag its magnitude, negative for the weakest; null if it is not known yet
/// @param tsunami 1 if the feed points to tsunami information
public record Quake(
    String id, @Nullable Double mag, String place, Instant time, int tsunami, double depthKm) {}
