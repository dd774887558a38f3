package dev.nightshift.worker.internal.loop;

/// What a [WorkerLoop] has in hand. Immutable.
///
/// @param running attempts that were claimed and whose handlers have not ended
/// @param ending attempts whose handlers have ended and whose traces are not stored
/// @param claimed those that run whose claim is not written yet
/// @param strays attempts that were given up and whose threads have not ended
/// @param slots slots that are taken
/// @param waiting events that wait for a slot or for a decision
/// @param waitingBytes what they take in memory
/// @param unwritten whether something is to be written
record Load(
    int running,
    int ending,
    int claimed,
    int strays,
    int slots,
    int waiting,
    long waitingBytes,
    boolean unwritten) {
  static final Load NONE = new Load(0, 0, 0, 0, 0, 0, 0, false);
}
