package dev.nightshift.common.ledger;

import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.Uuid;

/// How much of a partition is settled for all who read it, so that it may be removed from the log.
/// In doubt nothing is: offsets outlive a topic, others write metadata of their own, and somebody
/// may have set a group's offset by hand. Pure; safe for use by many threads.
public final class SettledPart {
  private SettledPart() {}

  /// What a group has committed of a partition.
  ///
  /// @param base the committed offset
  /// @param metadata the ledger above it
  public record Committed(long base, String metadata) {}

  /// The offset below which everything is settled. What was read of a group a while ago is good
  /// enough, as a base never goes back: then this is less.
  ///
  /// @param topicId of the topic that has this name now; read later than what was committed
  /// @param end the offset after the topic's last record; read later than what was committed
  /// @param groups what each group that reads the partition has committed
  /// @return empty if there is a group of which that is not known
  public static OptionalLong before(
      Uuid topicId, long end, Collection<Optional<Committed>> groups) {
    long before = end;
    for (Optional<Committed> group : groups) {
      if (group.filter(committed -> fits(committed, topicId, end)).isEmpty()) {
        return OptionalLong.empty();
      }
      before = Math.min(before, group.get().base());
    }
    return groups.isEmpty() ? OptionalLong.empty() : OptionalLong.of(before);
  }

  private static boolean fits(Committed committed, Uuid topicId, long end) {
    try {
      return committed.base() <= end
          && LedgerCodec.decode(committed.base(), committed.metadata())
              .ledger()
              .topicId()
              .equals(topicId);
    } catch (LedgerCodec.UnreadableException e) {
      return false;
    }
  }
}
