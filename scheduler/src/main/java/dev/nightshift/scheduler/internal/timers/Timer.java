package dev.nightshift.scheduler.internal.timers;

import dev.nightshift.common.KeyHash;

/// An event that waits for its time, without its payload. Immutable.
///
/// @param key what tells it from all others of its partition
/// @param dueMicros when it is to be emitted, in microseconds since 1970
/// @param offset where its record stands
/// @param target where it goes, see [Targets]
/// @param bytes what its record takes in memory, roughly
public record Timer(KeyHash key, long dueMicros, long offset, int target, int bytes) {
  /// The same, at another time.
  Timer at(long micros) {
    return new Timer(key, micros, offset, target, bytes);
  }
}
