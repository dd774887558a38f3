package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/// The keys of the delayed topic, `canvas/id`: all that is written of an event has the same, and so
/// is in one partition, in order. Pure; safe for use by many threads.
public final class DelayedKey {
  private DelayedKey() {}

  /// An event's key.
  public static byte[] of(String canvas, String eventId) {
    return (canvas + '/' + eventId).getBytes(UTF_8);
  }

  /// Whether a key is that of an event with this id, whatever its canvas.
  ///
  /// @param eventId as UTF-8
  public static boolean isOf(byte[] key, byte[] eventId) {
    int idStart = key.length - eventId.length;
    if (idStart < 1 || key[idStart - 1] != '/') {
      return false;
    }
    for (int i = 0; i < idStart - 1; i++) {
      if (key[i] == '/') { // a canvas has no slash, an id may
        return false;
      }
    }
    return Arrays.equals(key, idStart, key.length, eventId, 0, eventId.length);
  }

  /// The partition of a key: what Kafka's own partitioner gives.
  ///
  /// @param partitions how many the delayed topic has, from 1
  public static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }
}
