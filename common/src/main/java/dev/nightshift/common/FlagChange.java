package dev.nightshift.common;

import java.util.List;

/// What setting or lifting a flag has done.
///
/// @param changed false if it was so already
/// @param before the flags of that kind on exactly that scope that counted before
/// @param after those that count now
public record FlagChange(boolean changed, List<Flag> before, List<Flag> after) {}
