package dev.nightshift.scheduler;

import dev.nightshift.common.Durations;
import java.time.Duration;
import java.util.List;

/// How the fleet's upkeep is done by the scheduler whose it is. Immutable.
///
/// @param every how long it rests between two turns, from 1 s to 1 h
/// @param repairRetention whether topics are set right that somebody has altered so that events
///   would be lost; otherwise it is only said
public record UpkeepSettings(Duration every, boolean repairRetention) {
  /// What has ended is removed from the log within a minute.
  public static final UpkeepSettings DEFAULT = new UpkeepSettings(Duration.ofSeconds(30), false);

  private static final Duration EVERY_MIN = Duration.ofSeconds(1);
  private static final Duration EVERY_MAX = Duration.ofHours(1);

  /// What is wrong with them, one problem each.
  List<String> problems() {
    return every.compareTo(EVERY_MIN) < 0 || every.compareTo(EVERY_MAX) > 0
        ? List.of(
            "upkeep-every %s is not allowed: from %s to %s"
                .formatted(
                    Durations.text(every), Durations.text(EVERY_MIN), Durations.text(EVERY_MAX)))
        : List.of();
  }
}
