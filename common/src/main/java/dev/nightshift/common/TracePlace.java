package dev.nightshift.common;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.common.utils.Utils;

/// Where an event's traces are in the traces topic: writers and readers must agree on it. All
/// attempts of an event are in one partition, as long as the topic's partition count stays; after
/// it has grown, older traces stay where they were. Pure; safe for use by many threads.
public final class TracePlace {
  private TracePlace() {}

  /// A trace's key, `canvas/id/attempt`. A canvas has no slash, an id may: the attempt follows the
  /// last one.
  public static String key(String canvas, String eventId, int attempt) {
    return canvas + '/' + eventId + '/' + attempt;
  }

  /// Whether a key is that of a trace of this event, whatever its canvas and attempt.
  public static boolean isOf(String key, String eventId) {
    int canvasEnd = key.indexOf('/');
    return canvasEnd >= 0
        && key.lastIndexOf('/') == canvasEnd + 1 + eventId.length()
        && key.startsWith(eventId, canvasEnd + 1);
  }

  /// The partition of all traces of an event: what Kafka's own partitioner gives for the key
  /// `canvas/id`.
  ///
  /// @param partitions how many the traces topic has, from 1
  public static int partition(String canvas, String eventId, int partitions) {
    return partition((canvas + '/' + eventId).getBytes(UTF_8), partitions);
  }

  /// The same, by a trace's key.
  ///
  /// @param key the UTF-8 bytes of a [#key], nothing else
  /// @param partitions how many the traces topic has, from 1
  public static int partitionOfKey(byte[] key, int partitions) {
    int end = key.length - 1;
    while (key[end] != '/') {
      end--;
    }
    return partition(Arrays.copyOf(key, end), partitions);
  }

  private static int partition(byte[] event, int partitions) {
    return Utils.toPositive(Utils.murmur2(event)) % partitions;
  }
}
