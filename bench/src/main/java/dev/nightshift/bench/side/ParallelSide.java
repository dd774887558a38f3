package dev.nightshift.bench.side;

import dev.nightshift.bench.handlers.Tally;
import dev.nightshift.bench.handlers.Work;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/// Confluent's Parallel Consumer, without order, with as many threads as it is told.
///
/// `ParallelSide BOOTSTRAP TOPIC GROUP THREADS`
public final class ParallelSide {
  private static final long LOOK_NANOS = 2_000_000;

  private ParallelSide() {}

  /// Runs until all events have come to their ends and are committed.
  public static void main(String[] args) {
    ParallelConsumerOptions<byte[], byte[]> options =
        ParallelConsumerOptions.<byte[], byte[]>builder()
            .consumer(new KafkaConsumer<>(ConsumerSettings.of(args[0], args[2])))
            .ordering(ProcessingOrder.UNORDERED)
            .maxConcurrency(Integer.parseInt(args[3]))
            .build();
    ParallelStreamProcessor<byte[], byte[]> processor =
        ParallelStreamProcessor.createEosStreamProcessor(options);
    processor.subscribe(List.of(args[1]));
    processor.poll(context -> run(context.value()));
    while (!Tally.OF_PROCESS.done()) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    processor.closeDrainFirst(); // It commits what has ended.
    Tally.OF_PROCESS.durable();
    Tally.OF_PROCESS.dump();
    System.exit(0);
  }

  private static void run(byte[] payload) {
    try {
      Work.run(payload, 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
