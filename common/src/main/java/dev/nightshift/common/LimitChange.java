package dev.nightshift.common;

import java.util.Optional;

/// What setting a limit has done.
///
/// @param changed false if it was so already
/// @param before the limit before, if there was one
/// @param after the limit now; one of nothing if it was lifted
public record LimitChange(boolean changed, Optional<Limit> before, Limit after) {}
