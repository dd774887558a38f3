package dev.nightshift.worker;

import dev.nightshift.worker.internal.log.EventLog.Committed;
import dev.nightshift.worker.internal.log.KafkaLogSettings;
import dev.nightshift.worker.internal.loop.LoopSettings;
import java.time.Duration;

/// The loop's bounds and times: those that users do not set, and why they are what they are.
final class LoopBounds {
  /// Events that wait in memory: two for each of the usual slots, so that a slot that becomes free
  /// finds the next event however the queues are mixed.
  static final int WAITING_EVENTS_MAX = 20_000;

  /// What those take, in bytes; half as much again where some partitions are used and others have
  /// not had their part yet. Those that run may take as much.
  static final long WAITING_BYTES_MAX = 128L << 20;

  /// And at most this part of the heap. Of a small one as much again goes to those that run, three
  /// times that to what handlers make of their payloads (bytes, text, values), and up to 32 MiB to
  /// traces of large ones on their way; the rest is left to Kafka's clients.
  static final int WAITING_HEAP_PART = 16;

  /// How long a completion may wait to be written. With the write itself it is recorded within
  /// about 20 ms, and a busy partition makes a hundred commits a second at most.
  static final Duration SETTLE_INTERVAL = Duration.ofMillis(10);

  /// How long claims are gathered when one write has just been made. It is what an event waits for
  /// under load, in exchange for fewer commits.
  static final Duration CLAIM_INTERVAL = Duration.ofMillis(2);

  /// How long a partition that is taken away waits for its handlers to end. All workers of the
  /// group wait with it; most handlers take less time.
  static final Duration REVOCATION_GRACE = Duration.ofSeconds(1);

  /// What is left of a drain's grace period for the last write and leaving, at most. A write takes
  /// 2 s when a broker has to be changed.
  static final Duration CLOSE_RESERVE_MAX = Duration.ofSeconds(3);

  /// And at least, but never more than half of the period: leaving and closing take some time, too.
  static final Duration CLOSE_RESERVE_MIN = Duration.ofSeconds(1);

  /// The part of the grace period that is kept for that between the two.
  static final int CLOSE_RESERVE_PART = 10;

  /// Records of one transaction: as many as one poll brings.
  static final int MOVE_RECORDS_MAX = KafkaLogSettings.POLL_RECORDS_MAX;

  /// Bytes of one transaction. Brokers hold back what follows until it has ended, and it must end
  /// within 10 s over a slow line, too.
  static final long MOVE_BYTES_MAX = 4L << 20;

  private LoopBounds() {}

  /// The loop's settings.
  ///
  /// @param session for how long the group believes that a silent worker lives
  /// @param retryPartitions of the retry topic
  static LoopSettings of(WorkerSettings settings, Duration session, int retryPartitions) {
    return new LoopSettings(
        settings.name(),
        settings.slots(),
        WAITING_EVENTS_MAX,
        waitingBytesMax(Runtime.getRuntime().maxMemory()),
        SETTLE_INTERVAL,
        CLAIM_INTERVAL,
        session,
        REVOCATION_GRACE,
        closeReserve(settings.grace()),
        MOVE_RECORDS_MAX,
        MOVE_BYTES_MAX,
        Committed.METADATA_CHARS_MAX,
        WorkerSettings.ATTEMPTS_MAX,
        settings.retryDelays(),
        retryPartitions,
        settings.plan());
  }

  static long waitingBytesMax(long heapBytes) {
    return Math.min(WAITING_BYTES_MAX, heapBytes / WAITING_HEAP_PART);
  }

  static Duration closeReserve(Duration grace) {
    Duration part = max(CLOSE_RESERVE_MIN, grace.dividedBy(CLOSE_RESERVE_PART));
    return min(grace.dividedBy(2), min(CLOSE_RESERVE_MAX, part));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }
}
