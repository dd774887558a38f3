package dev.nightshift.common.cron;

import java.util.Optional;

/// What a change of a cron has done.
///
/// @param changed false if it was so already
/// @param before empty if there was none
/// @param after empty if it was deleted
public record CronChange(boolean changed, Optional<Cron> before, Optional<Cron> after) {}
