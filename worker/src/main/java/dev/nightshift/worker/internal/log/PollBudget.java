package dev.nightshift.worker.internal.log;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// Takes payloads as they are, so many bytes in one poll. A consumer bounds only how many records
/// it hands over, and what it fetched may be compressed: 2,000 records of 500 KB that a broker
/// holds in 4 MB are a gigabyte here, at once.
///
/// A consumer whose deserializer refuses a record hands over those before it, and offers the
/// refused one again at the next poll. It logs each refusal as an error of
/// `org.apache.kafka.clients.consumer.internals.CompletedFetch`, which is switched off in a
/// worker's logging. Owned by the thread that polls.
final class PollBudget implements Deserializer<byte[]> {
  private static final int HEAP_PART = 64;

  private final long bytesMax;
  private long left;
  private boolean spent;

  /// @param bytesMax what one poll may bring; the last record may exceed it
  PollBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /// One that a heap can bear: what is polled comes before all that the loop bounds.
  static PollBudget ofHeap(long heapBytes) {
    return new PollBudget(heapBytes / HEAP_PART);
  }

  /// Another poll begins. Its first record is always taken.
  void refill() {
    left = bytesMax;
    spent = false;
  }

  /// Whether this poll would have brought more.
  boolean spent() {
    return spent;
  }

  @Override
  public byte @Nullable [] deserialize(String topic, byte @Nullable [] payload) {
    if (left <= 0) {
      spent = true;
      throw new SerializationException("this poll has brought enough; the next one goes on here");
    }
    left -= payload == null ? 0 : payload.length;
    return payload;
  }
}
