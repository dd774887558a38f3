package dev.nightshift.common.ledger;

/// What a [Ledger] says of one offset.
public enum Mark {
  /// Not started, or not known.
  UNTOUCHED,
  /// An attempt was about to start, or runs, or died.
  CLAIMED,
  /// Settled: finished, moved to another topic, or never there.
  COMPLETED,
  /// An attempt ran and was given up by a worker that had to stop: charged, but nobody's fault.
  HANDED_BACK;

  private static final Mark[] ALL = values();

  static Mark of(int bits) {
    return ALL[bits];
  }
}
