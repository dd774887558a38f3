package dev.nightshift.worker.internal.loop;

import dev.nightshift.common.TopicPlan;
import java.time.Duration;
import java.util.List;

/// The loop's bounds and times. See `WorkerSettings` for what users set.
///
/// @param worker this worker's name
/// @param slots how many handlers run at once
/// @param waitingMax how many events wait in memory, shared out among the partitions; half as many
///   again are for those of which something waits
/// @param waitingBytesMax what they take in memory, in bytes, likewise; those that run may take as
///   much
/// @param settleInterval how long a completion may wait to be written
/// @param claimInterval how long claims are gathered when one write has just been made
/// @param sessionTimeout claims that were written longer ago are written again before their
///   handlers start
/// @param revocationGrace how long a partition that is taken away waits for its handlers to end
/// @param closeReserve what is left of a drain's grace period for the last write and leaving
/// @param moveRecordsMax records of one transaction
/// @param moveBytesMax bytes of one transaction
/// @param ledgerCharsMax what the broker allows as a commit's metadata, in characters
/// @param attemptsMax attempts in all
/// @param retryDelays the tiers of the retry topic
/// @param retryPartitions partitions of the retry topic
/// @param topics the fleet's topics; the canvases of its workers' group are read
public record LoopSettings(
    String worker,
    int slots,
    int waitingMax,
    long waitingBytesMax,
    Duration settleInterval,
    Duration claimInterval,
    Duration sessionTimeout,
    Duration revocationGrace,
    Duration closeReserve,
    int moveRecordsMax,
    long moveBytesMax,
    int ledgerCharsMax,
    int attemptsMax,
    List<Duration> retryDelays,
    int retryPartitions,
    TopicPlan topics) {

  RetryPlan retryPlan() {
    return new RetryPlan(attemptsMax, retryDelays);
  }
}
