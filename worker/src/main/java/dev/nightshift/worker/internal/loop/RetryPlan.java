package dev.nightshift.worker.internal.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// How often and how soon an event whose attempt was lost is started again. Pure, immutable.
///
/// @param attemptsMax how many attempts there are in all
/// @param delays the wait after the first loss, the second, and so on; the last one counts for all
///   later ones. Each is a tier of the retry topic, and where the first of them waits, one more
///   stands before them for hand-backs: partition `p` holds tier `p` modulo their number, so a
///   partition's events are due in the order in which they stand there
record RetryPlan(int attemptsMax, List<Duration> delays) {
  RetryPlan {
    delays = List.copyOf(delays);
    if (attemptsMax < 1 || delays.isEmpty()) {
      throw new IllegalArgumentException(
          "at least one attempt and one delay are needed, not " + attemptsMax + " and " + delays);
    }
  }

  boolean exhausted(int lostAttempt) {
    return lostAttempt >= attemptsMax;
  }

  /// The tier of an event whose attempt of that number died with its process.
  int tierAfterLoss(int lostAttempt) {
    return tiersBefore() + Math.min(lostAttempt, delays.size()) - 1;
  }

  /// The tier of an event that was handed back: at once.
  int tierAfterHandBack() {
    return 0;
  }

  Instant notBefore(int tier, Instant now) {
    return tier < tiersBefore() ? now : now.plus(delays.get(tier - tiersBefore()));
  }

  /// A partition of the tier.
  ///
  /// @param partitions how many the retry topic has
  /// @param salt spreads events over the tier's partitions
  int partition(int tier, int partitions, long salt) {
    int tiers = tiersBefore() + delays.size();
    int ofTier = (partitions - tier + tiers - 1) / tiers;
    if (ofTier <= 0) {
      return Math.floorMod(salt, partitions);
    }
    return tier + tiers * Math.floorMod(salt, ofTier);
  }

  private int tiersBefore() {
    return delays.get(0).isPositive() ? 1 : 0;
  }
}
