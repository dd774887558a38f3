package dev.nightshift.common.backlog;

/// How far a partition is, by its offsets: transaction marks among what waits are counted as if
/// they were events, but for those behind the last event. Immutable.
///
/// @param from the first offset that waits; the end if none does
/// @param waiting offsets that are neither claimed nor settled
/// @param claimed offsets that are claimed or handed back
/// @param end the offset after the last one that is committed
public record Standing(long from, long waiting, long claimed, long end) {
  /// What is not settled.
  public long open() {
    return waiting + claimed;
  }

  /// The same where nothing is behind [#from] but marks.
  Standing withoutTail() {
    return new Standing(end, 0, claimed, end);
  }
}
