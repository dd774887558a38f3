package dev.nightshift.bench.side;

import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// The least that one can do: a consumer that starts a virtual thread a record and commits what it
/// has polled, whether it has run or not. It is bounded only so that it does not run out of memory.
///
/// `RawSide BOOTSTRAP TOPIC GROUP AT_ONCE`
public final class RawSide {
  private RawSide() {}

  /// Runs until all events have come to their ends.
  public static void main(String[] args) throws InterruptedException {
    int atOnce = Integer.parseInt(args[3]);
    Semaphore room = new Semaphore(atOnce);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(ConsumerSettings.of(args[0], args[2]))) {
      consumer.subscribe(List.of(args[1]));
      while (!Tally.OF_PROCESS.done()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
          room.acquire();
          Thread.ofVirtual().start(() -> run(record.value(), room));
        }
        consumer.commitAsync();
      }
      consumer.commitSync();
      Tally.OF_PROCESS.durable();
    }
    Tally.OF_PROCESS.dump();
  }

  private static void run(byte[] payload, Semaphore room) {
    try {
      Work.run(payload, 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      room.release();
    }
  }
}
