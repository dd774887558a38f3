package dev.nightshift.common.cron;

import dev.nightshift.common.Names;

/// What somebody wants of a cron. Immutable.
///
/// @param queue of the cron's canvas, that its events go into
public record CronSettings(
    String queue, CronSchedule schedule, CronPayload payload, Missed missed, Overlap overlap) {
  /// Checks the queue's name.
  ///
  /// @throws IllegalArgumentException if it is not allowed; the message says what is
  public CronSettings {
    Names.problemWithQueue(queue)
        .ifPresent(problem -> {
          throw new IllegalArgumentException(problem);
        });
  }

  /// As people read it: `0 3 * * * (UTC) into report, missed once, overlap allow, payload 2 bytes
  /// of application/json`.
  public String text() {
    return schedule
        + " into "
        + queue
        + ", missed "
        + missed
        + ", overlap "
        + overlap
        + ", payload "
        + payload;
  }
}
